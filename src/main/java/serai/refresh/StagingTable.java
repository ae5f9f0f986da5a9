package serai.refresh;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import serai.warehouse.Relation;
import serai.warehouse.SelectText;

/** A model's new rows in a temporary table, to be compared with what stands before anything is written. */
final class StagingTable {

    private static final String TABLE = "pg_temp.serai_stage";

    private final Connection connection;
    private final RelationColumns shape;

    private StagingTable(Connection connection, RelationColumns shape) {
        this.connection = connection;
        this.shape = shape;
    }

    /**
     * Runs a model's SELECT.
     *
     * @param connection in auto-commit
     * @param longest when the SELECT is given up
     */
    static StagingTable of(
            Connection connection, RelationColumns shape, SelectText sql, ModelParameters parameters, Duration longest)
            throws SQLException {
        String insert = "insert into " + TABLE + " (" + shape.list() + ") select " + shape.list() + " from ("
                + sql.prepared() + "\n) as model";
        return filled(connection, shape, stage -> {
            stage.execute("set local statement_timeout = " + longest.toMillis());
            try (PreparedStatement s = connection.prepareStatement(insert)) {
                parameters.bind(s, sql);
                s.executeUpdate();
            }
        });
    }

    static StagingTable of(Connection connection, Seed seed) throws SQLException {
        RelationColumns shape = RelationColumns.ofTexts(seed.columns());
        return filled(connection, shape, stage -> {
            String marks = String.join(", ", Collections.nCopies(seed.columns().size(), "?"));
            String insert = "insert into " + TABLE + " (" + shape.list() + ") values (" + marks + ")";
            try (PreparedStatement s = connection.prepareStatement(insert)) {
                for (List<String> row : seed.rows()) {
                    for (int i = 0; i < row.size(); i++) {
                        s.setString(i + 1, row.get(i));
                    }
                    s.addBatch();
                }
                s.executeBatch();
            }
        });
    }

    private interface Filling {
        void fill(StagingTable stage) throws SQLException;
    }

    private static StagingTable filled(Connection connection, RelationColumns shape, Filling filling)
            throws SQLException {
        connection.setAutoCommit(false);
        try {
            SearchPath.set(connection);
            StagingTable stage = new StagingTable(connection, shape);
            stage.execute("drop table if exists " + TABLE);
            stage.execute("create temp table serai_stage (" + shape.definitions() + ")");
            filling.fill(stage);
            connection.commit();
            return stage;
        } catch (SQLException | RuntimeException e) {
            connection.rollback();
            throw e;
        } finally {
            connection.setAutoCommit(true);
        }
    }

    long rows() throws SQLException {
        try (Statement s = connection.createStatement();
                ResultSet r = s.executeQuery("select count(*) from " + TABLE)) {
            r.next();
            return r.getLong(1);
        }
    }

    /** Whether a table of the same columns has the same rows. */
    boolean hasRowsOf(Relation table) throws SQLException {
        try (Statement s = connection.createStatement();
                ResultSet r =
                        s.executeQuery("select (" + fingerprint(TABLE) + ") = (" + fingerprint(table.sql()) + ")")) {
            r.next();
            return r.getBoolean(1);
        }
    }

    private String fingerprint(String table) {
        return "select (count(*), coalesce(sum(" + rowHash() + "), 0)) from " + table;
    }

    /** An order-free sum of these identifies a set of rows; of the text, since some types have no equality. */
    private String rowHash() {
        return "hashtextextended(row(" + shape.list() + ")::text, 0)";
    }

    /** The days of a range in which these rows differ from those that stand. */
    SortedSet<LocalDate> changedDays(Relation table, String column, DayRange range) throws SQLException {
        String day = Relation.quote(column);
        String perDay = "select " + day + " as day, count(*) as rows, sum(" + rowHash() + ") as hash from ";
        String sql =
                "with was as (" + perDay + table.sql() + " where " + day + " >= ? and " + day + " < ? group by 1), "
                        + "is_now as (" + perDay + TABLE + " group by 1) "
                        + "select day from was full join is_now using (day) where (was.rows, was.hash) is distinct from (is_now.rows, is_now.hash)";
        SortedSet<LocalDate> days = new TreeSet<>();
        try (PreparedStatement s = connection.prepareStatement(sql)) {
            s.setObject(1, range.from());
            s.setObject(2, range.to());
            try (ResultSet r = s.executeQuery()) {
                while (r.next()) {
                    days.add(r.getObject(1, LocalDate.class));
                }
            }
        }
        return days;
    }

    /** @throws SQLException when a row is outside the range that was asked for: it would be written again and again */
    void requireDaysWithin(String column, DayRange range) throws SQLException {
        String day = Relation.quote(column);
        try (PreparedStatement s = connection.prepareStatement("select count(*), min(" + day + ")::text from " + TABLE
                + " where " + day + " is null or " + day + " < ? or " + day + " >= ?")) {
            s.setObject(1, range.from());
            s.setObject(2, range.to());
            try (ResultSet r = s.executeQuery()) {
                r.next();
                if (r.getLong(1) > 0) {
                    throw new SQLException("The SELECT gave " + r.getLong(1) + " rows with " + column + " "
                            + (r.getString(2) == null ? "NULL" : r.getString(2)) + " when it was asked for "
                            + range.from() + " up to "
                            + range.to() + " (without): its where clause and its " + column
                            + " must mean the same days in the zone of @window.");
                }
            }
        }
    }

    List<String> columns() {
        return shape.names();
    }

    /** Copies the rows into a new table. */
    void copyTo(Connection transaction, Relation table) throws SQLException {
        try (Statement s = transaction.createStatement()) {
            s.execute(
                    "insert into " + table.sql() + " (" + shape.list() + ") select " + shape.list() + " from " + TABLE);
        }
    }

    /** A SELECT of the rows of the days from the first parameter up to and without the second. */
    String selectDays(String column) {
        String day = Relation.quote(column);
        return "select " + shape.list() + " from " + TABLE + " where " + day + " >= ? and " + day + " < ?";
    }

    private void execute(String sql) throws SQLException {
        try (Statement s = connection.createStatement()) {
            s.execute(sql);
        }
    }
}
