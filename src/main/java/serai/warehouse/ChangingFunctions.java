package serai.warehouse;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import serai.warehouse.SqlLexer.Token;
import serai.warehouse.SqlLexer.Type;

/** Finds what makes a SELECT give other rows at another time, although its input is the same. */
final class ChangingFunctions {

    private static final Set<String> WORDS =
            Set.of("current_date", "current_time", "current_timestamp", "localtime", "localtimestamp");
    private static final Set<String> FUNCTIONS = Set.of(
            "now",
            "clock_timestamp",
            "statement_timestamp",
            "transaction_timestamp",
            "timeofday",
            "random",
            "random_normal",
            "gen_random_uuid",
            "uuidv4",
            "uuidv7",
            "nextval",
            "pg_current_xact_id",
            "txid_current",
            "pg_backend_pid");
    private static final Set<String> TIMES = Set.of("'now'", "'today'", "'tomorrow'", "'yesterday'");
    private static final Set<String> TIME_TYPES = Set.of("date", "time", "timetz", "timestamp", "timestamptz");

    private final List<Token> tokens;

    /** @param tokens of a statement */
    ChangingFunctions(List<Token> tokens) {
        this.tokens = tokens.stream().filter(t -> t.type() != Type.GAP).toList();
    }

    /** The first one, as it is written. */
    Optional<SelectText.Use> first() {
        for (int i = 0; i < tokens.size(); i++) {
            String text = tokens.get(i).text();
            String word = text.toLowerCase(Locale.ROOT);
            boolean code = tokens.get(i).type() == Type.CODE;
            boolean changes = code && WORDS.contains(word) && !is(i - 1, "."::equals)
                    || code && FUNCTIONS.contains(word) && is(i + 1, "("::equals)
                    || code && word.equals("age") && is(i + 1, "("::equals) && hasOneArgument(i + 1)
                    || TIMES.contains(word) && isTime(i);
            if (changes) {
                return Optional.of(new SelectText.Use(
                        is(i + 1, "("::equals) && code ? text + "()" : text,
                        tokens.get(i).line()));
            }
        }
        return Optional.empty();
    }

    private boolean is(int index, Predicate<String> test) {
        return index >= 0
                && index < tokens.size()
                && test.test(tokens.get(index).text().toLowerCase(Locale.ROOT));
    }

    private boolean isTime(int quoted) {
        return is(quoted - 1, TIME_TYPES::contains)
                || is(quoted + 1, "::"::equals) && is(quoted + 2, TIME_TYPES::contains);
    }

    /** {@code age(x)} counts up to the present day, {@code age(x, y)} does not. */
    private boolean hasOneArgument(int open) {
        int depth = 0;
        for (int i = open; i < tokens.size(); i++) {
            String text = tokens.get(i).text();
            depth += text.equals("(") ? 1 : text.equals(")") ? -1 : 0;
            if (depth == 0) {
                return true;
            }
            if (depth == 1 && text.equals(",")) {
                return false;
            }
        }
        return true;
    }
}
