package serai.load.replicate.pgoutput;

/** A message that is not of the protocol; where it is wrong, and never a value of it. */
public final class PgOutputException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    PgOutputException(String message) {
        super(message);
    }
}
