package serai.load.replicate.mapping;

import java.math.BigDecimal;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Consumer;

/** The expression of a computed column: SQLite's syntax with the functions that AWS DMS documents. */
final class ColumnExpression {

    private final SqliteTerm root;

    private ColumnExpression(SqliteTerm root) {
        this.root = root;
    }

    /** @throws IllegalArgumentException when it is malformed or uses what is not known, which the message names */
    static ColumnExpression parse(String text) {
        return new ColumnExpression(new ExpressionReader(text).read());
    }

    /** All columns that it reads. */
    Set<String> columns() {
        Set<String> columns = new LinkedHashSet<>();
        visit(root, term -> {
            if (term instanceof SqliteTerm.Column column) {
                columns.add(column.name());
            }
        });
        return columns;
    }

    /** The columns whose values may be read back from its result. */
    Set<String> exposed() {
        Set<String> exposed = new LinkedHashSet<>();
        expose(root, exposed);
        return exposed;
    }

    private static void expose(SqliteTerm term, Set<String> exposed) {
        if (term instanceof SqliteTerm.Column column) {
            exposed.add(column.name());
        } else if (!(term instanceof SqliteTerm.Call call && call.hides())) {
            term.parts().forEach(part -> expose(part, exposed));
        }
    }

    /** Whether it is also made of facts about the change, or of random values. */
    boolean isAlwaysNew() {
        return any(term -> term instanceof SqliteTerm.OperationTerm
                || term instanceof SqliteTerm.HeaderTerm header
                        && !header.header().isOfTable()
                || term instanceof SqliteTerm.Call call
                        && (call.function().random() || SqliteFunction.isOfTime(call.function())));
    }

    boolean isRandom() {
        return any(
                term -> term instanceof SqliteTerm.Call call && call.function().random());
    }

    boolean readsOperation() {
        return any(term -> term instanceof SqliteTerm.OperationTerm);
    }

    boolean needsKey() {
        return any(term ->
                term instanceof SqliteTerm.Call call && call.function().name().equals("x_hash_salted"));
    }

    /**
     * The value as PostgreSQL's text; null: NULL.
     *
     * @param type of the column, in PostgreSQL's words
     */
    String text(SqliteTerm.Scope scope, String type) {
        Object value = root.value(scope);
        if (value == null) {
            return null;
        }
        if (type.equals("bytea")) {
            return "\\x" + HexFormat.of().formatHex(SqliteValues.bytes(value));
        }
        if (value instanceof BigDecimal number
                && Set.of("smallint", "integer", "bigint").contains(type)) {
            boolean whole = number.stripTrailingZeros().scale() <= 0;
            return whole ? number.toBigInteger().toString() : number.toPlainString();
        }
        // PostgreSQL's texts have no NUL
        return SqliteValues.text(value).replace("\0", "");
    }

    private interface Condition {
        boolean holds(SqliteTerm term);
    }

    private boolean any(Condition condition) {
        boolean[] found = {false};
        visit(root, term -> found[0] |= condition.holds(term));
        return found[0];
    }

    private static void visit(SqliteTerm term, Consumer<SqliteTerm> visitor) {
        visitor.accept(term);
        term.parts().forEach(part -> visit(part, visitor));
    }
}
