package serai.load.replicate;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Random;

/** Random transactions on a source: all operations, changes of keys, large values, savepoints, rollbacks, truncates. */
final class RandomLoad {

    static final List<String> TABLES = List.of("plain", "toast", "toast_full", "pairs", "by_index");

    static final String CREATE = """
            create table plain (id int primary key, n int, title text, at timestamptz default clock_timestamp());
            create table toast (id int primary key, n int, big text, other bytea);
            alter table toast alter big set storage external, alter other set storage external;
            create table toast_full (id int primary key, n int, big text);
            alter table toast_full alter big set storage external, replica identity full;
            create table pairs (a text, b int, n int, primary key (a, b));
            create table by_index (x int, id int not null, n int);
            create unique index by_index_id on by_index (id);
            alter table by_index replica identity using index by_index_id""";

    private static final int KEYS = 300;

    private final Connection connection;
    private final Random random;

    RandomLoad(Connection connection, Random random) {
        this.connection = connection;
        this.random = random;
    }

    /** Runs transactions, of which some are rolled back. */
    void run(int transactions) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (int i = 0; i < transactions; i++) {
                statement.execute("begin");
                int changes = random.nextInt(50) == 0 ? 2_000 : 1 + random.nextInt(8);
                for (int j = 0; j < changes; j++) {
                    boolean kept = random.nextInt(8) > 0;
                    statement.execute("savepoint s");
                    statement.execute(change());
                    statement.execute(kept ? "release s" : "rollback to s");
                }
                statement.execute(random.nextInt(10) == 0 ? "rollback" : "commit");
            }
        }
    }

    private int key() {
        return random.nextInt(KEYS);
    }

    private String change() {
        int n = random.nextInt(1_000_000);
        String big = "repeat(md5('" + n + "'), 100)";
        return switch (random.nextInt(18)) {
            case 0, 1 ->
                "insert into plain values (" + key() + ", " + n + ", 'a" + n + "') on conflict (id) do nothing";
            case 2 -> "update plain set n = " + n + " where id = " + key();
            case 3 -> moved("plain", "");
            case 4 -> "delete from plain where id = " + key();
            case 5, 6 ->
                "insert into toast values (" + key() + ", 1, " + big + ", " + big + "::bytea)"
                        + " on conflict (id) do update set big = excluded.big";
            case 7, 8 -> "update toast set n = " + n + " where id between " + key() + " and " + key();
            case 9 -> moved("toast", ", n = " + n);
            case 10 -> "delete from toast where id = " + key();
            case 11 ->
                "insert into toast_full values (" + key() + ", 1, " + big + ") on conflict (id) do update set n = 2";
            case 12 -> "update toast_full set n = " + n + " where id = " + key();
            case 13 -> moved("toast_full", "");
            case 14 ->
                "insert into pairs values ('k" + key() % 20 + "', " + key() % 20 + ", " + n
                        + ") on conflict (a, b) do update set n = excluded.n";
            case 15 -> "delete from pairs where b = " + key() % 20;
            case 16 ->
                "insert into by_index values (1, " + key() + ", " + n + ") on conflict (id) do update set n = " + n;
            default ->
                random.nextInt(100) == 0 ? "truncate pairs, by_index" : "delete from by_index where id = " + key();
        };
    }

    private String moved(String table, String more) {
        int to = key();
        return "update " + table + " set id = " + to + more + " where id = " + key() + " and not exists (select from "
                + table + " x where x.id = " + to + ")";
    }
}
