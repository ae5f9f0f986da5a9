package serai.request;

import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import serai.settings.Spelling;
import serai.warehouse.Sql;

/**
 * What a command names: the source of an import, or a model or seed.
 *
 * @param name the id of the source's route, or the name of the model's file
 */
public record Subject(Kind kind, String name) {

    /** The kinds, as in {@code meta.paused}. */
    public enum Kind {
        /** A source of an import, in {@code meta.sources}. */
        SOURCE,
        /** A model or seed, in {@code meta.model_state}. */
        MODEL;

        /** As the table and messages name it. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final String KNOWN = """
            select 'source' as kind, source as name from meta.sources
            union all select 'model', model from meta.model_state order by kind, name""";

    /**
     * What a name stands for: a source, a model, or one of each.
     *
     * @throws IllegalStateException when the warehouse knows neither; the message has the nearest name
     */
    public static List<Subject> named(Sql sql, String name) throws SQLException {
        List<Subject> known = sql.list(KNOWN, row -> new Subject(kind(row.text("kind")), row.text("name")));
        List<Subject> found =
                known.stream().filter(one -> one.name().equals(name)).toList();
        if (found.isEmpty()) {
            throw new IllegalStateException("There is no source or model " + name + "."
                    + (known.isEmpty() ? "" : " The nearest name is " + nearest(known, name) + "."));
        }
        return found;
    }

    private static String nearest(List<Subject> known, String name) {
        return Spelling.nearest(name, known.stream().map(Subject::name).toList());
    }

    static Kind kind(String text) {
        return Kind.valueOf(text.toUpperCase(Locale.ROOT));
    }

    @Override
    public String toString() {
        return "The " + kind.text() + " " + name;
    }
}
