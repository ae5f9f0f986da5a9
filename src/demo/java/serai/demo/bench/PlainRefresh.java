package serai.demo.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import serai.warehouse.Sql;

/**
 * The peer of the bench {@code refresh}: what someone who knows which days changed would send by psql, on one
 * connection, into tables of its own that are like those of the models. A model's rows are staged, compared with those
 * that are there, and what differs is replaced, by the statements that Serai uses for that; one transaction for each
 * model.
 */
final class PlainRefresh {

    private static final String SEARCH_PATH = "staging, star, report, landing, app, public";
    /** In the order in which they read each other. */
    private static final List<String> TABLES =
            List.of("dims/dim_dates", "dims/dim_country", "dims/dim_channels", "dims/dim_users");

    private static final List<String> FACTS = List.of("facts/fact_logins", "facts/fact_web_sessions_day");

    private record Table(String name, String select, String columns, List<String> grain) {}

    private final Connection connection;
    private final Sql sql;
    private final Map<String, Table> tables = new LinkedHashMap<>();

    private PlainRefresh(Connection connection) {
        this.connection = connection;
        this.sql = Sql.on(connection);
    }

    /** Copies the tables of the models as they are. */
    static PlainRefresh copyOf(Connection connection) throws SQLException, IOException {
        PlainRefresh peer = new PlainRefresh(connection);
        peer.sql.execute("drop schema if exists peer cascade");
        peer.sql.execute("create schema peer");
        for (String file : TABLES) {
            peer.copy(file);
        }
        for (String file : FACTS) {
            peer.copy(file);
        }
        return peer;
    }

    private void copy(String file) throws SQLException, IOException {
        String name = file.substring(file.indexOf('/') + 1);
        String text = Files.readString(Path.of("sql", file + ".sql"));
        Matcher grain = Pattern.compile("(?m)^-- @grain +(.*)$").matcher(text);
        if (!grain.find()) {
            throw new IllegalStateException(file + " has no @grain");
        }
        sql.execute("create table peer." + name + " (like star." + name + " including all)");
        sql.execute("insert into peer." + name + " select * from star." + name);
        sql.execute("vacuum analyze peer." + name);
        String columns = sql
                .list(
                        "select quote_ident(attname) as name from pg_attribute where attrelid = to_regclass(?)"
                                + " and attnum > 0 and not attisdropped order by attnum",
                        row -> row.text("name"),
                        "peer." + name)
                .stream()
                .collect(Collectors.joining(", "));
        tables.put(
                name,
                new Table(name, text, columns, List.of(grain.group(1).strip().split(" *, *"))));
    }

    /** Does what a refresh does when some days of logins, and the last of them of sessions, have changed. */
    void tick(Instant now, SortedSet<LocalDate> days) throws SQLException {
        for (String file : TABLES) {
            transaction(() -> table(tables.get(name(file)), now));
        }
        LocalDate today = days.last();
        for (LocalDate day : days) {
            logins(day, now);
        }
        transaction(() -> range(tables.get("fact_web_sessions_day"), today, now));
    }

    /** Calculates a day of fact_logins again. */
    void logins(LocalDate day, Instant now) throws SQLException {
        transaction(() -> range(tables.get("fact_logins"), day, now));
    }

    private static String name(String file) {
        return file.substring(file.indexOf('/') + 1);
    }

    private interface Work {
        void run() throws SQLException;
    }

    private void transaction(Work work) throws SQLException {
        connection.setAutoCommit(false);
        sql.execute("set local search_path = " + SEARCH_PATH);
        work.run();
        connection.commit();
        connection.setAutoCommit(true);
    }

    private void stage(Table table, Instant from, Instant to, Instant now) throws SQLException {
        sql.execute("create temp table staged (like peer." + table.name() + ") on commit drop");
        String select = table.select()
                .replace(":from", "timestamptz '" + from + "'")
                .replace(":to", "timestamptz '" + to + "'")
                .replace(":now", "timestamptz '" + now + "'");
        sql.execute("insert into staged (" + table.columns() + ") select " + table.columns() + " from (" + select
                + "\n) as model");
    }

    private void range(Table table, LocalDate day, Instant now) throws SQLException {
        Instant from = Instant.parse(day + "T00:00:00Z");
        stage(table, from, Instant.parse(day.plusDays(1) + "T00:00:00Z"), now);
        String rows = " where date_key >= ? and date_key < ?";
        String perUnit = "select date_key as unit, count(*) as rows, sum(hashtextextended(row(" + table.columns()
                + ")::text, 0)) as hash from ";
        List<LocalDate> changed = sql.list(
                "with before as (" + perUnit + "peer." + table.name() + rows + " group by 1), after as (" + perUnit
                        + "staged group by 1) select unit from before full join after using (unit)"
                        + " where (before.rows, before.hash) is distinct from (after.rows, after.hash)",
                row -> row.date("unit"),
                day,
                day.plusDays(1));
        if (!changed.isEmpty()) {
            sql.update("delete from peer." + table.name() + rows, day, day.plusDays(1));
            sql.execute("insert into peer." + table.name() + " (" + table.columns() + ") select " + table.columns()
                    + " from staged");
        }
    }

    private void table(Table table, Instant now) throws SQLException {
        stage(table, now, now, now);
        sql.execute("create unique index on staged (" + String.join(", ", table.grain()) + ")");
        String match = table.grain().stream().map(c -> "t." + c + " = s." + c).collect(Collectors.joining(" and "));
        String name = "peer." + table.name();
        sql.execute("create temp table changed on commit drop as select s.* from staged s left join " + name + " t on "
                + match + " where t.ctid is null or row(" + prefixed(table, "t.") + ")::record *<> row("
                + prefixed(table, "s.") + ")::record");
        sql.execute("create temp table gone on commit drop as select t.ctid as id from " + name
                + " t left join staged s on " + match + " where s.ctid is null");
        sql.execute("delete from " + name + " where ctid in (select id from gone)");
        sql.execute("delete from " + name + " t using changed s where " + match);
        sql.execute("insert into " + name + " select * from changed");
    }

    private static String prefixed(Table table, String prefix) {
        return prefix + table.columns().replace(", ", ", " + prefix);
    }

    /**
     * Calculates fact_logins from scratch, into a new table.
     *
     * @param from the first day that the input has
     */
    void rebuild(LocalDate from, Instant now) throws SQLException {
        Table table = tables.get("fact_logins");
        sql.execute("drop table if exists peer.rebuilt");
        String select = table.select()
                .replace(":from", "timestamptz '" + from + "T00:00Z'")
                .replace(":to", "timestamptz '" + now + "'");
        transaction(() -> {
            sql.execute("create table peer.rebuilt as " + select);
            sql.execute("create unique index on peer.rebuilt (user_key, date_key)");
            sql.execute("create index on peer.rebuilt (date_key)");
            sql.execute("analyze peer.rebuilt");
        });
    }

    /** @throws IllegalStateException when a table of the peer and that of the model differ */
    void requireSame() throws SQLException {
        for (Table table : tables.values()) {
            requireSame("star." + table.name(), "peer." + table.name(), table.columns());
        }
    }

    /** @throws IllegalStateException when a table that was calculated from scratch differs from the model's */
    void requireSameAsRebuilt() throws SQLException {
        requireSame(
                "star.fact_logins", "peer.rebuilt", tables.get("fact_logins").columns());
    }

    private void requireSame(String one, String other, String columns) throws SQLException {
        String hash = "(select (count(*), sum(hashtextextended(row(" + columns + ")::text, 0)))::text from ";
        boolean same = sql.first("select " + hash + one + ") = " + hash + other + ") as same", row -> row.flag("same"))
                .orElseThrow();
        if (!same) {
            throw new IllegalStateException(one + " and " + other + " differ");
        }
    }

    /** Days up to and without another one. */
    static SortedSet<LocalDate> days(LocalDate from, LocalDate to) {
        return from.datesUntil(to).collect(Collectors.toCollection(TreeSet::new));
    }
}
