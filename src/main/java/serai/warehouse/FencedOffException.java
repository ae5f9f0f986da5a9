package serai.warehouse;

/** Another writer took the source while this one was running; nothing of this one's transaction was kept. */
public final class FencedOffException extends Exception {

    public FencedOffException(String source, long epoch) {
        super("Another writer has taken " + source + " since this one (epoch " + epoch
                + ") began; its transaction was taken back.");
    }
}
