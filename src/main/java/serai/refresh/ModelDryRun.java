package serai.refresh;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.postgresql.util.PSQLException;
import serai.edits.EditRefusedException;
import serai.warehouse.Relation;

/**
 * Lets PostgreSQL judge a catalog without touching what stands: each model becomes a temporary view over the temporary
 * views of what it reads, in a transaction that is taken back. So columns and types are known before anything runs, and
 * {@code @reads} is compared with what PostgreSQL says that the SELECT depends on (spec/sql-convention.md 3.4).
 */
final class ModelDryRun {

    private static final Set<String> LANDED = Set.of("landing", "app");

    private final Connection connection;
    private final Catalog catalog;
    private final Map<String, RelationColumns> shapes = new HashMap<>();

    private ModelDryRun(Connection connection, Catalog catalog) {
        this.connection = connection;
        this.catalog = catalog;
    }

    /** The relations of landing and app, which models may read. */
    static Set<Relation> landed(Connection connection) throws SQLException {
        Set<Relation> found = new LinkedHashSet<>();
        try (Statement s = connection.createStatement();
                ResultSet r = s.executeQuery("""
                select n.nspname, c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
                where n.nspname in ('landing', 'app') and c.relkind in ('r', 'v', 'm', 'f', 'p')
                  and c.relname ~ '^[a-z_][a-z0-9_]*$'""")) {
            while (r.next()) {
                found.add(new Relation(r.getString(1), r.getString(2)));
            }
        }
        return found;
    }

    /**
     * @param connection in auto-commit
     * @return the catalog, knowing the columns of each of its entries
     * @throws EditRefusedException the first mistake in the catalog's order
     */
    static Catalog of(Connection connection, Catalog catalog) throws SQLException, EditRefusedException {
        connection.setAutoCommit(false);
        try (Statement s = connection.createStatement()) {
            // what stands in staging, star and report must not be found: the catalog alone says what there is
            s.execute("set local search_path = pg_temp, landing, app");
            s.execute("set local statement_timeout = '60s'");
            ModelDryRun rehearsal = new ModelDryRun(connection, catalog);
            for (CatalogEntry entry : catalog.inOrder()) {
                rehearsal.create(entry);
            }
            return catalog.with(rehearsal.shapes);
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    private void create(CatalogEntry entry) throws SQLException, EditRefusedException {
        if (entry instanceof Seed seed) {
            execute("create temp table " + Relation.quote(seed.name()) + " ("
                    + RelationColumns.ofTexts(seed.columns()).definitions() + ")");
            shapes.put(seed.name(), RelationColumns.ofTexts(seed.columns()));
            return;
        }
        Model model = (Model) entry;
        String before = "create temp view " + Relation.quote(model.name()) + " as ";
        try {
            execute(before + model.sql().definition());
        } catch (PSQLException e) {
            throw refusal(model, before, e);
        }
        RelationColumns shape = RelationColumns.read(connection, Relation.quote(model.name()))
                .orElseThrow(() ->
                        new EditRefusedException(model.file(), null, "the SELECT has no columns: name at least one"));
        shapes.put(model.name(), shape);
        checkReads(model);
        checkColumns(model, shape);
    }

    private void execute(String sql) throws SQLException {
        try (Statement s = connection.createStatement()) {
            s.execute(sql);
        }
    }

    private EditRefusedException refusal(Model model, String before, PSQLException e) throws SQLException {
        var error = e.getServerErrorMessage();
        if (error == null
                || error.getSQLState().startsWith("57")
                || error.getSQLState().startsWith("08")) {
            throw e;
        }
        String statement = before + model.sql().definition();
        int end = Math.min(error.getPosition(), statement.length());
        Integer line = error.getPosition() == 0
                ? null
                : 1
                        + (int) statement
                                .substring(0, end)
                                .chars()
                                .filter(c -> c == '\n')
                                .count();
        String reason = error.getMessage() + (error.getHint() == null ? "" : ". " + error.getHint());
        if ("42P01".equals(error.getSQLState())) {
            reason +=
                    ". Name it in @reads too: models, seeds and the relations of landing and app are known, without schema";
        }
        return new EditRefusedException(model.file(), line, reason);
    }

    private void checkReads(Model model) throws SQLException, EditRefusedException {
        Set<String> declared = new TreeSet<>(catalog.reads(model));
        Set<String> true_ = dependencies(model);
        Set<String> missing = new TreeSet<>(true_);
        missing.removeAll(declared);
        if (!missing.isEmpty()) {
            throw new EditRefusedException(
                    model.file(),
                    model.lineOf("reads"),
                    "the SELECT reads " + String.join(", ", missing) + " and @reads does not say so: add it");
        }
        declared.removeAll(true_);
        if (!declared.isEmpty()) {
            throw new EditRefusedException(
                    model.file(),
                    model.lineOf("reads"),
                    "@reads names " + String.join(", ", declared) + " and the SELECT does not read it: take it out");
        }
    }

    private Set<String> dependencies(Model model) throws SQLException, EditRefusedException {
        Set<String> found = new TreeSet<>();
        try (PreparedStatement s = connection.prepareStatement("""
                select distinct n.nspname, c.relname, c.relnamespace = pg_my_temp_schema()
                from pg_rewrite w
                join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = w.oid and d.refclassid = 'pg_class'::regclass
                join pg_class c on c.oid = d.refobjid and c.oid <> w.ev_class
                join pg_namespace n on n.oid = c.relnamespace
                where w.ev_class = to_regclass(?)""")) {
            s.setString(1, Relation.quote(model.name()));
            try (ResultSet r = s.executeQuery()) {
                while (r.next()) {
                    String name = r.getString(1) + "." + r.getString(2);
                    if (!r.getBoolean(3) && !LANDED.contains(r.getString(1))) {
                        throw new EditRefusedException(
                                model.file(),
                                null,
                                "the SELECT reads " + name
                                        + ": write the names of models without schema; besides them only landing and app may be read");
                    }
                    found.add(r.getBoolean(3) ? r.getString(2) : name);
                }
            }
        }
        return found;
    }

    private void checkColumns(Model model, RelationColumns shape) throws SQLException, EditRefusedException {
        List<String> missing =
                model.grain().stream().filter(c -> !shape.names().contains(c)).toList();
        if (!missing.isEmpty()) {
            throw new EditRefusedException(
                    model.file(),
                    model.lineOf("grain"),
                    "the SELECT has no column " + String.join(", ", missing) + ": mend @grain or name the column");
        }
        if (model.window() != null) {
            checkWindow(model, shape);
        }
    }

    private void checkWindow(Model model, RelationColumns shape) throws SQLException, EditRefusedException {
        ModelWindow window = model.window();
        Integer line = model.lineOf("window");
        if (!"date".equals(shape.typeOf(window.column()).orElse(null))) {
            throw new EditRefusedException(
                    model.file(),
                    line,
                    "the SELECT has no column " + window.column()
                            + " of type date: name it in the SELECT, as (t at time zone 'Europe/London')::date");
        }
        boolean read = catalog.reads(model).stream()
                .anyMatch(r -> r.equals(window.relation()) || r.endsWith("." + window.relation()));
        if (!read) {
            throw new EditRefusedException(
                    model.file(),
                    line,
                    window.relation() + " is not in @reads: take the days from what the model reads");
        }
        RelationColumns input =
                RelationColumns.read(connection, window.relation()).orElseThrow();
        String type = input.typeOf(window.sourceColumn()).orElse("");
        if (!type.equals("date") && !type.startsWith("timestamp")) {
            throw new EditRefusedException(
                    model.file(),
                    line,
                    window.relation() + " has no column " + window.sourceColumn()
                            + " of type date or timestamptz: mend @window");
        }
        if (type.equals("date") && !window.zone().getId().equals("UTC")) {
            throw new EditRefusedException(
                    model.file(),
                    line,
                    window.sourceColumn() + " is a date and has no zone: leave out 'zone " + window.zone() + "'");
        }
    }
}
