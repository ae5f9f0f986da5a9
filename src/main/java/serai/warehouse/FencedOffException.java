package serai.warehouse;

/** Another writer took the source while this one was running; this one's transaction was rolled back. */
public final class FencedOffException extends Exception {

    /** @param epoch the epoch of the writer that is refused */
    FencedOffException(String source, long epoch) {
        super("Another writer has taken " + source + " since this one (epoch " + epoch
                + ") began; its transaction was rolled back.");
    }
}
