package serai.load.replicate.mapping;

import java.util.List;
import java.util.stream.Stream;

/** A part of an expression. */
sealed interface SqliteTerm {

    /** Whence an expression has the values of a row. */
    interface Scope {
        /** The value of a column as it arrives: masked, if a mask is on it. */
        Object column(String name);

        /** The value of a column as the source has it, for functions from whose result it cannot be read back. */
        Object hidden(String name);

        /** Whether SQLite compares the column as a number. */
        boolean isNumeric(String name);

        /** The salted hash of a text. */
        String saltedHash(String text);

        SourceTable table();

        SourceRow row();
    }

    /** How SQLite converts the other side of a comparison. */
    enum Affinity {
        NUMERIC,
        TEXT,
        NONE
    }

    Object value(Scope scope);

    List<SqliteTerm> parts();

    default Affinity affinity(Scope scope) {
        return Affinity.NONE;
    }

    /** A constant. */
    record Constant(Object constant) implements SqliteTerm {
        @Override
        public Object value(Scope scope) {
            return constant;
        }

        @Override
        public List<SqliteTerm> parts() {
            return List.of();
        }
    }

    /** A column of the source. */
    record Column(String name) implements SqliteTerm {
        @Override
        public Object value(Scope scope) {
            return scope.column(name);
        }

        @Override
        public Affinity affinity(Scope scope) {
            return scope.isNumeric(name) ? Affinity.NUMERIC : Affinity.TEXT;
        }

        @Override
        public List<SqliteTerm> parts() {
            return List.of();
        }
    }

    /** A fact about the change or the table. */
    record HeaderTerm(ChangeHeader header) implements SqliteTerm {
        @Override
        public Object value(Scope scope) {
            return header.value(scope.table(), scope.row());
        }

        @Override
        public List<SqliteTerm> parts() {
            return List.of();
        }
    }

    /** {@code operation_indicator}: what was done with the row. */
    record OperationTerm(String deleted, String updated, String inserted) implements SqliteTerm {
        @Override
        public Object value(Scope scope) {
            return switch (scope.row().operation()) {
                case DELETE -> deleted;
                case UPDATE -> updated;
                case INSERT -> inserted;
            };
        }

        @Override
        public List<SqliteTerm> parts() {
            return List.of();
        }
    }

    /** A call of a function. */
    record Call(SqliteFunction function, List<SqliteTerm> parts) implements SqliteTerm {
        @Override
        public Object value(Scope scope) {
            Object[] values = new Object[parts.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = hides()
                        ? scope.hidden(((Column) parts.get(i)).name())
                        : parts.get(i).value(scope);
            }
            return function.call(values, scope);
        }

        /** Whether it reads a column in a way from which the value cannot be read back. */
        boolean hides() {
            return function.hides() && parts.get(0) instanceof Column;
        }
    }

    /** A sign, or NOT. */
    record Unary(String operator, SqliteTerm operand) implements SqliteTerm {
        @Override
        public Object value(Scope scope) {
            Object value = operand.value(scope);
            if (operator.equals("NOT")) {
                Boolean truth = SqliteValues.truth(value);
                return truth == null ? null : SqliteValues.of(!truth);
            }
            return operator.equals("-") ? SqliteValues.calculate("-", 0L, value) : value;
        }

        @Override
        public List<SqliteTerm> parts() {
            return List.of(operand);
        }
    }

    /** An operator between two terms. */
    record Binary(String operator, SqliteTerm left, SqliteTerm right) implements SqliteTerm {
        @Override
        public Object value(Scope scope) {
            return switch (operator) {
                case "||" -> {
                    String a = SqliteValues.text(left.value(scope));
                    String b = SqliteValues.text(right.value(scope));
                    yield a == null || b == null ? null : a + b;
                }
                case "AND", "OR" -> logic(scope);
                case "LIKE" ->
                    SqliteValues.like(SqliteValues.text(left.value(scope)), SqliteValues.text(right.value(scope)));
                case "+", "-", "*", "/", "%" -> SqliteValues.calculate(operator, left.value(scope), right.value(scope));
                default -> comparison(scope);
            };
        }

        private Object logic(Scope scope) {
            boolean decides = operator.equals("OR");
            Boolean a = SqliteValues.truth(left.value(scope));
            if (a != null && a == decides) {
                return SqliteValues.of(decides);
            }
            Boolean b = SqliteValues.truth(right.value(scope));
            if (b != null && b == decides) {
                return SqliteValues.of(decides);
            }
            return a == null || b == null ? null : SqliteValues.of(!decides);
        }

        private Object comparison(Scope scope) {
            Integer order = compare(scope, left, right);
            if (order == null) {
                return null;
            }
            return SqliteValues.of(
                    switch (operator) {
                        case "=", "==" -> order == 0;
                        case "<>", "!=" -> order != 0;
                        case "<" -> order < 0;
                        case "<=" -> order <= 0;
                        case ">" -> order > 0;
                        default -> order >= 0;
                    });
        }

        @Override
        public List<SqliteTerm> parts() {
            return List.of(left, right);
        }
    }

    /** IS NULL. */
    record IsNull(SqliteTerm operand) implements SqliteTerm {
        @Override
        public Object value(Scope scope) {
            return SqliteValues.of(operand.value(scope) == null);
        }

        @Override
        public List<SqliteTerm> parts() {
            return List.of(operand);
        }
    }

    /** IN. */
    record In(SqliteTerm operand, List<SqliteTerm> list) implements SqliteTerm {
        @Override
        public Object value(Scope scope) {
            boolean unknown = false;
            for (SqliteTerm element : list) {
                Integer order = compare(scope, operand, element);
                if (order != null && order == 0) {
                    return 1L;
                }
                unknown |= order == null;
            }
            return unknown ? null : Long.valueOf(0);
        }

        @Override
        public List<SqliteTerm> parts() {
            return Stream.concat(Stream.of(operand), list.stream()).toList();
        }
    }

    /**
     * CASE.
     *
     * @param conditions as many as results
     * @param otherwise a constant NULL when there is no ELSE
     */
    record Case(List<SqliteTerm> conditions, List<SqliteTerm> results, SqliteTerm otherwise) implements SqliteTerm {
        @Override
        public Object value(Scope scope) {
            for (int i = 0; i < conditions.size(); i++) {
                if (Boolean.TRUE.equals(SqliteValues.truth(conditions.get(i).value(scope)))) {
                    return results.get(i).value(scope);
                }
            }
            return otherwise.value(scope);
        }

        @Override
        public List<SqliteTerm> parts() {
            return Stream.of(conditions, results, List.of(otherwise))
                    .flatMap(List::stream)
                    .toList();
        }
    }

    /** The order of two terms; null when one is NULL. A number next to a text that is one makes it a number. */
    private static Integer compare(Scope scope, SqliteTerm left, SqliteTerm right) {
        Object a = left.value(scope);
        Object b = right.value(scope);
        Affinity of = left.affinity(scope);
        Affinity to = right.affinity(scope);
        if (a == null || b == null) {
            return null;
        }
        if (of == Affinity.NUMERIC || to == Affinity.NUMERIC) {
            return SqliteValues.compare(SqliteValues.numberIfWhole(a), SqliteValues.numberIfWhole(b));
        }
        boolean texts = of == Affinity.TEXT || to == Affinity.TEXT;
        return SqliteValues.compare(texts ? asText(a) : a, texts ? asText(b) : b);
    }

    private static Object asText(Object value) {
        return value instanceof byte[] ? value : SqliteValues.text(value);
    }
}
