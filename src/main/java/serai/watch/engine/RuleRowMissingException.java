package serai.watch.engine;

/** A rule that runs has no row in {@code meta.rules} any more: somebody has removed it, to have the rule begin anew. */
final class RuleRowMissingException extends Exception {

    RuleRowMissingException() {
        super("meta.rules lacks the row of a rule that runs; somebody has removed it");
    }
}
