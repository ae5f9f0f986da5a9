package serai.show;

/** The warehouse does not answer, or not in time. The message is a sentence for people. */
final class WarehouseUnavailableException extends Exception {

    WarehouseUnavailableException() {
        super("The warehouse does not answer, so nothing can be said about today's numbers. "
                + "Serai keeps asking; its log says what is wrong.");
    }
}
