package serai.watch.alerter;

import serai.watch.rule.RuleException;

/** An alerter of a rule lacks an option, or has only a placeholder for an address. The others can run without it. */
final class MissingOptionException extends RuleException {

    private static final long serialVersionUID = 1L;

    /** As {@link RuleException}. */
    MissingOptionException(Integer line, String field, String reason) {
        super(line, field, reason);
    }
}
