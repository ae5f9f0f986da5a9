package serai.status;

/** The warehouse does not answer, or not in time. The message is a sentence for people. */
public final class WarehouseUnavailableException extends Exception {

    WarehouseUnavailableException() {
        super("The warehouse does not answer, so the state of today's numbers is unknown. "
                + "Serai keeps trying; its log has the reason.");
    }
}
