package serai.load;

/**
 * A report that cannot be trusted: nothing of it is loaded and the old rows stay. The message names the reason and the
 * fix.
 */
public final class ReportHeldException extends Exception {

    /** @param reason sentences for {@code meta.runs.error}, the log and the page; they must not quote rows */
    public ReportHeldException(String reason) {
        super(reason);
    }
}
