package serai.testing;

import java.util.List;

/**
 * A statement that {@link PostgresProxy} holds back until its gate is open.
 *
 * @param answer whether PostgreSQL gets the statement, and its answer is held back
 * @param texts what the statement and its parameters contain
 * @param before what its transaction has contained before
 */
public record HeldStatement(boolean answer, List<String> texts, List<String> before, Gate gate) {

    /** PostgreSQL does not get it. */
    public static HeldStatement request(String... texts) {
        return new HeldStatement(false, List.of(texts), List.of(), new Gate());
    }

    /** PostgreSQL does not get it in a transaction that contains another text. */
    public static HeldStatement requestAfter(String text, String before) {
        return new HeldStatement(false, List.of(text), List.of(before), new Gate());
    }

    /** PostgreSQL does not get the COMMIT of a transaction that contains these texts. */
    public static HeldStatement commit(String... before) {
        return new HeldStatement(false, List.of("COMMIT"), List.of(before), new Gate());
    }

    /** PostgreSQL commits a transaction that contains these texts, and its client does not learn that. */
    public static HeldStatement commitsAnswer(String... before) {
        return new HeldStatement(true, List.of("COMMIT"), List.of(before), new Gate());
    }

    boolean matches(String statement, String transaction) {
        return texts.stream().allMatch(statement::contains) && before.stream().allMatch(transaction::contains);
    }
}
