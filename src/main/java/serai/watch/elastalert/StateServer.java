package serai.watch.elastalert;

import com.fasterxml.jackson.databind.JsonNode;
import serai.watch.query.Search;

/** The server with ElastAlert's indices. */
@FunctionalInterface
interface StateServer {

    /**
     * Sends a request and waits for the answer, within a time-out.
     *
     * @param method GET, PUT or POST
     * @param query the query of the address, without the question mark
     * @param body JSON, or lines of JSON, or null
     * @throws Search.FailedException when there is no answer, or the server refuses; the message holds the reason and
     *     no secrets
     */
    JsonNode send(String method, String path, String query, String body) throws Search.FailedException;
}
