package serai.refresh;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import serai.warehouse.Relation;

/**
 * What the models should have: the SELECT of each, over all time and over the plain tables of the others, without a
 * refresh. It is written as tables of the schema {@code scratch}. A once has what it has, and an scd2 needs a change
 * log.
 */
final class FromScratch {

    private static final int SAMPLE = 5;

    private final RefreshFixture fixture;
    private final Instant first;

    /** @param first the beginning of all time, for models without {@code keep} */
    FromScratch(RefreshFixture fixture, Instant first) {
        this.fixture = fixture;
        this.first = first;
    }

    /** Rows that only one of the two has, a few of each model; empty when all models are right. */
    List<String> differences() {
        calculate();
        List<String> differences = new ArrayList<>();
        for (Node node : fixture.files.graph().nodes()) {
            String columns = "row(" + fixture.files.graph().columns(node).list() + ")::text";
            String incremental =
                    "select " + columns + " from " + node.relation().sql();
            String scratch = "select " + columns + " from scratch." + Relation.quote(node.name());
            add(differences, node.name() + " lacks ", scratch, incremental);
            add(differences, node.name() + " has too ", incremental, scratch);
        }
        return differences;
    }

    private void add(List<String> differences, String text, String of, String without) {
        fixture.rows("(" + of + ") except all (" + without + ") order by 1 limit " + SAMPLE)
                .forEach(row -> differences.add(text + row));
    }

    private void calculate() {
        StringBuilder statements = new StringBuilder("""
                drop schema if exists scratch cascade;
                create schema scratch;
                set search_path = scratch, landing, app, star, public;
                """);
        for (Node node : fixture.files.graph().nodes()) {
            statements
                    .append("create table scratch.")
                    .append(Relation.quote(node.name()))
                    .append(" as ")
                    .append(
                            node instanceof Model model && model.kind() != ModelKind.ONCE
                                    ? select(model)
                                    : "table " + node.relation().sql())
                    .append(";\n");
        }
        fixture.execute(statements.toString());
    }

    private String select(Model model) {
        UnaryOperator<String> parameter = name -> switch (name) {
            case "from" -> time(from(model));
            case "to" -> time(model.window().next(model.window().last(fixture.now)));
            case "now" -> time(fixture.now);
            default -> "0::bigint";
        };
        String rows = model.sql().rewritten(parameter, name -> null);
        if (model.kind() == ModelKind.SCD2) {
            return fixture.files.graph().versions(model).history(model, rows, "true");
        }
        return "select "
                + fixture.files.graph().columns(model).names().stream()
                        .map(Relation::quote)
                        .collect(Collectors.joining(", "))
                + " from (" + rows + "\n) as model";
    }

    private Instant from(Model model) {
        return model.window().keep() == null
                ? model.window().unitOf(first)
                : model.window().firstKept(fixture.now);
    }

    private static String time(Instant time) {
        return "'" + time + "'::timestamptz";
    }
}
