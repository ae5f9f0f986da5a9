package serai.watch.store;

import java.sql.SQLException;

/** The book's tables could not be read or written; the transaction is over, and the runs in it are repeated. */
public final class AlertStoreException extends RuntimeException {
    AlertStoreException(SQLException cause) {
        super(cause.getMessage(), cause);
    }
}
