package serai.watch.engine;

/** A rule that runs has no row in {@code meta.rules} any more: somebody has removed it, to have the rule begin anew. */
final class RowGoneException extends Exception {

    RowGoneException() {
        super("meta.rules lacks the row of a rule that runs; somebody has removed it");
    }
}
