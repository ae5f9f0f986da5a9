package serai.watch.elastalert;

import com.fasterxml.jackson.databind.JsonNode;
import serai.watch.query.Search;

/** The server that holds ElastAlert's indices. */
@FunctionalInterface
interface StateServer {

    /**
     * Sends a request and waits for its answer, within bounds.
     *
     * @param method GET, PUT or POST
     * @param query what stands behind the question mark of the address
     * @param body JSON, or lines of JSON, or null
     * @throws Search.FailedException when there is no answer, or the server refuses; the message says why, without
     *     secrets
     */
    JsonNode send(String method, String path, String query, String body) throws Search.FailedException;
}
