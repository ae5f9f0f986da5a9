package serai.watch.store;

import java.sql.SQLException;

/**
 * The tables of the alert store could not be read or written. The transaction has failed, and the runs in it are
 * repeated.
 */
public final class AlertStoreException extends RuntimeException {
    AlertStoreException(SQLException cause) {
        super(cause.getMessage(), cause);
    }
}
