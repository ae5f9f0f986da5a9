package serai.demo.bench;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import serai.warehouse.Sql;

/** The tables that are replicated, and what changes in them: rows of 12 columns and about 230 bytes. */
final class SourceLoad {

    static final List<String> TABLES = List.of("facts", "senders");

    private static final String FACTS = """
            create table facts (id bigint primary key, team int not null, status text, amount numeric(12,2),
              rate numeric, created_at timestamptz not null, updated_at timestamptz, attributes jsonb, uid uuid,
              tags text[], note text, active boolean)""";
    private static final String ROW = """
            select i, i % 5000, 'status-' || i % 7, (i % 100000) / 100.0, random() * 1000,
              '2026-01-01'::timestamptz + i * interval '7 second', null,
              jsonb_build_object('plan', 'team', 'seats', i % 50, 'label', 'l' || i), md5(i::text)::uuid,
              array['a' || i % 9, 'b' || i % 11], 'note ' || i || E'\\twith a tab and some more words', i % 2 = 0""";
    private static final String SET = """
            set status = 'changed-' || n % 9, amount = amount + 1.25,
              updated_at = '2026-06-01'::timestamptz + n * interval '1 second',
              attributes = attributes || jsonb_build_object('n', n)""";
    private static final int CHANGES_OF_TRANSACTION = 10;
    private static final int UPDATES_OF_ROW = 5;

    private final Sql sql;

    /** @param source in auto-commit; the caller's to close */
    SourceLoad(Connection source) throws SQLException {
        this.sql = Sql.on(source);
        createTables(sql);
        sql.execute("""
                create or replace procedure insert_small(transactions int) language plpgsql as $$ begin
                  for k in 0 .. transactions - 1 loop
                    for i in k * %1$d + 1 .. (k + 1) * %1$d loop insert into facts %2$s; end loop;
                    commit;
                  end loop; end $$;
                create or replace procedure update_small(transactions int, rows int) language plpgsql as $$
                declare r bigint; begin
                  for k in 0 .. transactions - 1 loop
                    for n in k * %1$d + 1 .. (k + 1) * %1$d loop
                      r := 1 + floor(random() * rows); update facts %3$s where id = r;
                    end loop;
                    commit;
                  end loop; end $$""".formatted(CHANGES_OF_TRANSACTION, ROW, SET));
    }

    /** Creates the tables where they are not yet. */
    static void createTables(Sql sql) throws SQLException {
        sql.execute(FACTS.replace("create table", "create table if not exists")
                + "; create table if not exists senders (id int primary key, n bigint)");
    }

    /** Empties the tables and inserts rows. */
    void fill(long rows) throws SQLException {
        sql.execute("truncate facts");
        sql.execute("insert into facts " + ROW + " from generate_series(1, " + rows + ") i");
        sql.execute("vacuum analyze facts");
    }

    /**
     * Empties the table; then a sixth of the changes insert rows, and the others update random ones. The last change
     * gives row 1 the status {@code mark}.
     *
     * @param small whether in transactions of 10 changes; else in one of inserts and five that each update all rows
     */
    void change(long changes, boolean small, String mark) throws SQLException {
        long rows = changes / (1 + UPDATES_OF_ROW) / CHANGES_OF_TRANSACTION * CHANGES_OF_TRANSACTION;
        sql.execute("truncate facts");
        sql.execute("set synchronous_commit = off");
        if (small) {
            sql.execute("call insert_small(" + rows / CHANGES_OF_TRANSACTION + ")");
            sql.execute("call update_small(" + UPDATES_OF_ROW * rows / CHANGES_OF_TRANSACTION + ", " + rows + ")");
        } else {
            sql.execute("insert into facts " + ROW + " from generate_series(1, " + rows + ") i");
            for (int k = 0; k < UPDATES_OF_ROW; k++) {
                sql.execute("update facts " + SET.replaceAll("\\bn\\b(?!')", "(id + " + k + ")"));
            }
        }
        sql.execute("set synchronous_commit = on");
        sql.update("update facts set status = ? where id = 1", mark);
    }

    /** Number and hash of the rows; the masked column is left out. */
    static String hash(Sql sql, String facts) throws SQLException {
        return sql.first(
                        "select count(*) || ' ' || sum(hashtextextended(row(id, team, status, amount, rate, created_at,"
                                + " updated_at, attributes, uid, tags, active)::text, 0)) as hash from " + facts,
                        row -> row.text("hash"))
                .orElseThrow();
    }
}
