package serai.elasticsearch;

import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.ProducerTemplate;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import serai.elasticsearch.ElasticsearchException.Fault;
import serai.http.HttpClients;

/**
 * A Camel route through which requests go, by camel-http. The route gets the host's address as the variable
 * {@code server} and the name of its HTTP client as {@code client}; the bean {@code <name>-reply} reads the reply
 * inside the route, while the connection is open.
 */
public final class ElasticsearchRoute implements AutoCloseable {

    private static final String READER = "serai-elasticsearch-reader";
    private static final Duration MAX_RETRY_AFTER = Duration.ofSeconds(60);

    private final CamelContext context;
    private final String endpoint;
    private final ProducerTemplate template;
    private final HttpClients clients;
    private final RequestCounters counters;

    /**
     * @param context not started yet
     * @param name the route begins at {@code direct:<name>}
     */
    public ElasticsearchRoute(CamelContext context, String name, RequestCounters counters) {
        this.context = context;
        this.endpoint = "direct:" + name + "?block=false";
        this.template = context.createProducerTemplate();
        this.clients = new HttpClients(context, name + "-client");
        this.counters = counters;
        context.getRegistry().bind(name + "-reply", (Processor) this::read);
    }

    /** A client of a server. */
    public ElasticsearchClient client(ElasticsearchServer server) {
        return new ElasticsearchClient(server, this, clients.name(new LoginClient(server, counters.receivedBytes())));
    }

    private record Result<T>(T value) {}

    /** @param client the name of the server's HTTP client */
    <T> T send(URI host, String client, ElasticsearchRequest request, ReplyReader<T> reader)
            throws ElasticsearchException {
        Exchange exchange = context.getEndpoint(endpoint).createExchange();
        exchange.setVariable("server", host.getScheme() + "://" + host.getHost() + ":" + host.getPort());
        exchange.setVariable("client", client);
        exchange.setProperty(READER, reader);
        exchange.getMessage().setHeader(Exchange.HTTP_METHOD, request.method());
        exchange.getMessage().setHeader(Exchange.HTTP_PATH, host.getPath() + request.path());
        exchange.getMessage().setHeader(Exchange.HTTP_QUERY, request.query());
        if (request.body() != null) {
            ByteArrayEntity body = request.entity();
            counters.sentBytes().add(body.getContentLength());
            exchange.getMessage().setBody(body);
        }
        counters.requests().increment();
        template.send(endpoint, exchange);
        Throwable failure = exchange.getException() != null
                ? exchange.getException()
                : exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        if (failure != null) {
            throw ElasticsearchException.of(failure);
        }
        if (!(exchange.getMessage().getBody() instanceof Result<?> result)) {
            throw new ElasticsearchException(
                    Fault.ROUTE, "the route " + endpoint + " gave no reply; is it stopped?", null);
        }
        @SuppressWarnings("unchecked")
        T value = (T) result.value;
        return value;
    }

    private void read(Exchange exchange) throws Exception {
        int status = exchange.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE, 0, Integer.class);
        Duration retryAfter = seconds(exchange.getMessage().getHeader("Retry-After", String.class));
        InputStream in = exchange.getMessage().getBody(InputStream.class);
        ReplyReader<?> reader = exchange.getProperty(READER, ReplyReader.class);
        Object value;
        try (InputStream body = in == null ? InputStream.nullInputStream() : in) {
            if (status < 200 || status > 299) {
                throw ElasticsearchException.refused(status, retryAfter, body);
            }
            value = reader.read(body);
        }
        exchange.getMessage().removeHeaders("*");
        exchange.getMessage().setBody(new Result<>(value));
    }

    private static Duration seconds(String retryAfter) {
        if (retryAfter == null || !retryAfter.matches("\\d{1,4}")) {
            return Duration.ZERO;
        }
        Duration asked = Duration.ofSeconds(Long.parseLong(retryAfter));
        return asked.compareTo(MAX_RETRY_AFTER) < 0 ? asked : MAX_RETRY_AFTER;
    }

    @Override
    public void close() {
        template.stop();
    }
}
