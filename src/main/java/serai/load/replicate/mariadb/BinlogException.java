package serai.load.replicate.mariadb;

import java.io.IOException;

/** The log has something that cannot be read. */
public final class BinlogException extends IOException {

    private static final long serialVersionUID = 1L;

    BinlogException(String message) {
        super(message);
    }
}
