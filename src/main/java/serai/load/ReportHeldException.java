package serai.load;

/**
 * A reply that cannot be trusted: nothing of it is loaded and the old rows stay. The message says why and what to do.
 */
final class ReportHeldException extends Exception {

    ReportHeldException(String reason) {
        super(reason);
    }
}
