package serai.watch.source;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** SQL that is put together from parts; values are bound, never pasted into the text. */
final class SqlText {

    private final StringBuilder text = new StringBuilder();
    private final List<Object> values = new ArrayList<>();

    static SqlText of(String text, Object... values) {
        return new SqlText().add(text, values);
    }

    SqlText add(String more, Object... bound) {
        text.append(more);
        values.addAll(List.of(bound));
        return this;
    }

    SqlText add(SqlText other) {
        text.append(other.text);
        values.addAll(other.values);
        return this;
    }

    /** Parts with a word between them, in brackets; another text when there are none. */
    static SqlText joined(String word, Collection<SqlText> parts, String none) {
        if (parts.isEmpty()) {
            return of(none);
        }
        SqlText all = of("(");
        String before = "";
        for (SqlText part : parts) {
            all.add(before).add(part);
            before = " " + word + " ";
        }
        return all.add(")");
    }

    /** The text, for {@link serai.warehouse.Sql}. */
    String text() {
        return text.toString();
    }

    /** The values that are bound to it, in order. */
    Object[] values() {
        return values.toArray();
    }
}
