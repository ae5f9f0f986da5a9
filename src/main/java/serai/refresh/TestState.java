package serai.refresh;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import serai.warehouse.RunOutcome;
import serai.warehouse.Sql;
import serai.warehouse.Writer;

/** The tables {@code meta.tests} and {@code meta.test_failures}. */
final class TestState {

    private static final String DECLARE = """
            insert into meta.tests (test, kind, model, reads, hash) values (?, ?, ?, ?, ?)
            on conflict (test) do update set kind = excluded.kind, model = excluded.model,
              reads = excluded.reads, hash = excluded.hash, due = true""";
    private static final String RESULT = """
            update meta.tests set status = ?, tested_at = clock_timestamp(), due = not ? or due and not ?
            where test = ?""";
    private static final String FAILURE = """
            insert into meta.test_failures as f (test, model, severity, rows, message, sample)
            select test, ?, ?, ?, ?, ?::jsonb from meta.tests where test = ?
            on conflict (test) do update set model = excluded.model, severity = excluded.severity,
              rows = excluded.rows, message = excluded.message, sample = excluded.sample,
              last_at = clock_timestamp()""";

    private record Declared(String test, String kind, String model, Collection<String> reads, String hash) {}

    private TestState() {}

    /** Keeps {@code meta.tests} in step with the files: a test that is new or changed is due. */
    static void update(Writer writer, ModelGraph graph) throws Exception {
        List<Declared> declared = declared(graph);
        Map<String, String> known = new HashMap<>();
        writer.sql()
                .each(
                        "select test, kind, model, reads, hash from meta.tests",
                        row -> known.put(
                                row.text("test"),
                                row.text("kind") + row.text("model") + row.texts("reads") + row.text("hash")));
        Map<String, String> wanted = new HashMap<>();
        declared.forEach(d -> wanted.put(d.test(), d.kind() + d.model() + List.copyOf(d.reads()) + d.hash()));
        if (wanted.equals(known)) {
            return;
        }
        writer.commitWithState(tx -> {
            Set<String> gone = new HashSet<>(known.keySet());
            gone.removeAll(wanted.keySet());
            tx.sql().update("delete from meta.tests where test = any (?::text[])", gone);
            for (Declared d : declared) {
                if (!wanted.get(d.test()).equals(known.get(d.test()))) {
                    declare(tx.sql(), d);
                }
            }
            return RunOutcome.ok();
        });
    }

    private static void declare(Sql sql, Declared d) throws SQLException {
        sql.update(DECLARE, d.test(), d.kind(), d.model(), d.reads(), d.hash());
    }

    private static List<Declared> declared(ModelGraph graph) {
        List<Declared> declared = new ArrayList<>();
        for (PlacedTest placed : graph.tests()) {
            DataTest test = placed.test();
            declared.add(new Declared(test.name(), "file", placed.node().name(), placed.inputs(), test.hash()));
        }
        for (Node node : graph.nodes()) {
            if (node instanceof Model model) {
                model.tests().foreignKeys().forEach(key -> {
                    String name = RowTest.name(model, key);
                    declared.add(new Declared(name, "fk", model.name(), List.of(key.relation()), graph.columnOf(key)));
                });
                model.tests().accepted().forEach(a -> {
                    String hash = String.join(",", a.values());
                    declared.add(new Declared(RowTest.name(model, a), "accepted", model.name(), List.of(), hash));
                });
                if (model.tests().expect() != null) {
                    declared.add(new Declared(
                            ExpectTest.name(model),
                            "expect",
                            model.name(),
                            List.of(),
                            model.tests().expect().toString()));
                }
            }
        }
        return declared;
    }

    /**
     * Notes that rows of a node change in this transaction.
     *
     * @param keysVanish whether rows are removed, so that keys of other tables may point nowhere
     */
    static void changed(Sql sql, Node node, boolean keysVanish) throws SQLException {
        // a node that is refreshed beside this one, and read by the same test, holds the row until it has committed
        sql.execute("set local lock_timeout = 0");
        sql.update(
                "update meta.tests set due = true where ? = any (reads) and not due and kind = any (?::text[])",
                node.name(),
                keysVanish ? List.of("file", "fk") : List.of("file"));
    }

    /** The tests of a node that have to look at whole tables. */
    static Set<String> due(Sql sql, Node node) throws SQLException {
        return Set.copyOf(
                sql.list("select test from meta.tests where model = ? and due", row -> row.text("test"), node.name()));
    }

    /** Records results. A test that passed on whole tables is no longer due. */
    static void write(Sql sql, Collection<TestResult> results, boolean whole) throws SQLException {
        for (TestResult result : results) {
            sql.update(RESULT, result.status().name().toLowerCase(Locale.ROOT), result.passed(), whole, result.test());
            if (result.passed()) {
                sql.update("delete from meta.test_failures where test = ?", result.test());
            } else {
                sql.update(
                        FAILURE,
                        result.model(),
                        result.blocks() ? "error" : "warn",
                        result.rows(),
                        result.message(),
                        result.sample(),
                        result.test());
            }
        }
    }

    /** Shows the warnings of a node at its state, after its success was written. */
    static void warn(Sql sql, Node node) throws SQLException {
        sql.update("""
                update meta.model_state m
                set status = 'warning', error = concat_ws(' ', m.error, w.messages), since = w.since
                from (
                  select string_agg(message, ' ' order by test) as messages, min(first_at) as since
                  from meta.test_failures where model = ? and severity = 'warn') as w
                where m.model = ? and w.messages is not null""", node.name(), node.name());
    }
}
