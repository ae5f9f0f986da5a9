package serai.load.replicate;

/** The source cannot give all changes since the position: what was committed in between is not in the log any more. */
final class LostPositionException extends Exception {

    private static final long serialVersionUID = 1L;

    LostPositionException(String message) {
        super(message);
    }
}
