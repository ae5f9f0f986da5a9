package serai.watch.elastalert;

import java.io.IOException;

import com.fasterxml.jackson.databind.JsonNode;

/** The server that holds ElastAlert's indices. */
@FunctionalInterface
interface StateServer {

    /** A request that the server refused; any other failure is another exception. */
    final class RefusedRequestException extends IOException {
        RefusedRequestException(String reason) {
            super(reason);
        }
    }

    /**
     * Sends a request and waits for its answer, within bounds.
     *
     * @param method GET, PUT or POST
     * @param body   JSON, or lines of JSON
     * @throws IOException when there is no answer, or the server refuses; the message says why, without secrets
     */
    JsonNode send(String method, String path, String body) throws IOException;
}
