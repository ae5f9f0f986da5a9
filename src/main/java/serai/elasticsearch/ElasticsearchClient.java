package serai.elasticsearch;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import serai.elasticsearch.ElasticsearchException.Fault;

/**
 * Sends requests to one server and waits for the replies. Of several hosts it uses the one that answered last, and the
 * next when that one fails. Nothing is repeated otherwise. Made by {@link ElasticsearchRoute#client}; threads may share
 * it.
 */
public final class ElasticsearchClient {

    private static final Logger LOG = LoggerFactory.getLogger(ElasticsearchClient.class);

    private final ElasticsearchServer server;
    private final ElasticsearchRoute route;
    private final String httpClient;
    private volatile int host;
    private volatile ServerProduct product;

    ElasticsearchClient(ElasticsearchServer server, ElasticsearchRoute route, String httpClient) {
        this.server = server;
        this.route = route;
        this.httpClient = httpClient;
    }

    /** The server that it sends to. */
    public ElasticsearchServer server() {
        return server;
    }

    /**
     * Sends a request whose reply is one JSON object. For the parameters see {@link ElasticsearchRequest}.
     *
     * @throws ElasticsearchException when there is no reply, or its status is not 2xx
     */
    public JsonNode send(String method, String path, String query, String body) throws ElasticsearchException {
        return send(new ElasticsearchRequest(method, path, query, body), JsonReply::read);
    }

    /**
     * Sends a request and reads its reply from the stream.
     *
     * @param reader is called again when another host is asked
     * @throws ElasticsearchException when there is no complete reply, or its status is not 2xx
     */
    public <T> T send(ElasticsearchRequest request, ReplyReader<T> reader) throws ElasticsearchException {
        List<URI> hosts = server.hosts();
        int first = host;
        ElasticsearchException failure = null;
        for (int i = 0; i < hosts.size(); i++) {
            int next = (first + i) % hosts.size();
            try {
                T reply = route.send(hosts.get(next), httpClient, request, reader);
                host = next;
                return reply;
            } catch (ElasticsearchException e) {
                // what a host answered tells more than that another is unreachable
                failure = failure == null || e.fault() != Fault.UNREACHABLE ? e : failure;
                if (!e.isOfHost()) {
                    break;
                }
            }
        }
        throw failure;
    }

    /**
     * The server's product and version. It is requested once; a server that does not report it is taken for
     * Elasticsearch.
     *
     * @throws ElasticsearchException when the server cannot be asked
     */
    public ServerProduct product() throws ElasticsearchException {
        ServerProduct known = product;
        if (known != null) {
            return known;
        }
        try {
            known = ServerProduct.of(send("GET", "/", "", null));
            LOG.info("server={} product=\"{}\"", server, known);
        } catch (ElasticsearchException e) {
            if (e.fault() != Fault.REFUSED || e.isOfServer() || e.status() >= 500) {
                throw e;
            }
            known = ServerProduct.UNKNOWN;
            LOG.info("server={} It does not report its product ({}); Elasticsearch is assumed", server, e.getMessage());
        }
        product = known;
        return known;
    }

    /** Has the product requested again: after an outage it may be another. */
    public void forgetProduct() {
        product = null;
    }
}
