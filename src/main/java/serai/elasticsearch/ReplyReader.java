package serai.elasticsearch;

import java.io.IOException;
import java.io.InputStream;

/**
 * Reads the body of a reply with a status of 2xx from the stream, to its end: otherwise the connection is closed.
 *
 * @param <T> what is made of it
 */
@FunctionalInterface
public interface ReplyReader<T> {

    /** @param body unpacked and within its bounds */
    T read(InputStream body) throws IOException;
}
