package serai.load.replicate.mapping;

/** A table cannot be planned by the rules. It must not be replicated until the rules or the table are changed. */
public final class TableRefusedException extends Exception {

    /** @param message names the table, the rule with its line, and the fix; it has no values of rows */
    TableRefusedException(String message) {
        super(message);
    }
}
