package serai.watch.elastalert;

import com.fasterxml.jackson.databind.JsonNode;
import serai.elasticsearch.ElasticsearchException;

/** The server that has ElastAlert's indices; {@code ElasticsearchClient::send}. */
@FunctionalInterface
interface StateServer {

    /** See {@link serai.elasticsearch.ElasticsearchClient#send(String, String, String, String)}. */
    JsonNode send(String method, String path, String query, String body) throws ElasticsearchException;
}
