package serai.watch.search;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.zip.GZIPOutputStream;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.component.http.HttpMethods;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;

/**
 * One request through the route {@code watch-search}; its answer is read inside the route, while the connection is
 * open.
 */
final class SearchRequest {

    private static final String ROUTE = "direct:watch-search?block=false";
    private static final String READER = "serai-watch-search-reader";
    private static final String STATUS = "serai-watch-search-status";
    private static final int WORTH_PACKING = 1_000;

    /** Reads an answer's body. */
    @FunctionalInterface
    interface Reader<T> {
        T read(InputStream in) throws IOException;
    }

    private final CamelContext context;
    private final ProducerTemplate template;
    private final SearchMetrics meters;

    SearchRequest(CamelContext context, ProducerTemplate template, SearchMetrics meters) {
        this.context = context;
        this.template = template;
        this.meters = meters;
        context.getRegistry().bind("watch-search-answer", (Processor) this::answered);
    }

    /**
     * @param client name of the server's client in the registry
     * @param body null for GET
     * @param lines whether the body is lines of JSON
     * @throws SearchFailedException when there is no answer, or not a whole one
     */
    <T> T ask(URI host, String client, String path, String query, String body, boolean lines, Reader<T> reader)
            throws SearchFailedException {
        return ask(body == null ? HttpMethods.GET : HttpMethods.POST, host, client, path, query, body, lines, reader);
    }

    /** The same by another method. */
    <T> T ask(
            HttpMethods method,
            URI host,
            String client,
            String path,
            String query,
            String body,
            boolean lines,
            Reader<T> reader)
            throws SearchFailedException {
        Exchange exchange = context.getEndpoint(ROUTE).createExchange();
        exchange.setVariable("server", host.getScheme() + "://" + host.getHost() + ":" + host.getPort());
        exchange.setVariable("client", client);
        exchange.setProperty(READER, reader);
        exchange.getMessage().setHeader(Exchange.HTTP_PATH, host.getPath() + path);
        exchange.getMessage().setHeader(Exchange.HTTP_QUERY, query);
        exchange.getMessage().setHeader(Exchange.HTTP_METHOD, method);
        if (body != null) {
            exchange.getMessage().setBody(packed(body, lines ? "application/x-ndjson" : "application/json"));
        }
        meters.requests.increment();
        template.send(ROUTE, exchange);
        Object result = exchange.getMessage().getBody();
        Throwable failure = exchange.getException() != null
                ? exchange.getException()
                : exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        if (failure != null) {
            throw SearchFailedException.of(failure);
        }
        if (!(result instanceof Result<?> read)) {
            throw new SearchFailedException(
                    SearchFailedException.Fault.ROUTE, "the route watch-search gave no answer; is it stopped?", null);
        }
        @SuppressWarnings("unchecked")
        T value = (T) read.value;
        return value;
    }

    private record Result<T>(T value) {}

    private ByteArrayEntity packed(String body, String type) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        boolean worth = bytes.length > WORTH_PACKING;
        if (worth) {
            ByteArrayOutputStream packed = new ByteArrayOutputStream(bytes.length / 4);
            try (GZIPOutputStream gzip = new GZIPOutputStream(packed, 8192)) {
                gzip.write(bytes);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
            bytes = packed.toByteArray();
        }
        meters.sentBytes.add(bytes.length);
        return new ByteArrayEntity(bytes, ContentType.create(type, StandardCharsets.UTF_8), worth ? "gzip" : null);
    }

    /** In the route, while the connection is open. */
    private void answered(Exchange exchange) throws Exception {
        int status = exchange.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE, 0, Integer.class);
        String retryAfter = exchange.getMessage().getHeader("Retry-After", String.class);
        InputStream in = exchange.getMessage().getBody(InputStream.class);
        Reader<?> reader = exchange.getProperty(READER, Reader.class);
        Object value;
        try (InputStream body = in == null ? InputStream.nullInputStream() : in) {
            if (status < 200 || status > 299) {
                throw SearchFailedException.refused(status, seconds(retryAfter), refusal(status, body));
            }
            value = reader.read(body);
        }
        exchange.getMessage().removeHeaders("*");
        exchange.getMessage().setBody(new Result<>(value));
    }

    private static Duration seconds(String retryAfter) {
        return retryAfter != null && retryAfter.matches("\\d{1,4}")
                ? Duration.ofSeconds(Math.min(60, Long.parseLong(retryAfter)))
                : Duration.ZERO;
    }

    private static String refusal(int status, InputStream body) {
        String mend = switch (status) {
            case 401 -> "the login was refused (401); check user, password or key of the search server";
            case 403 -> "the login may not do this (403)";
            case 407 -> "the proxy wants a login (407); give it in watch.elasticsearch-proxy";
            case 413 -> "the request is larger than the server takes (413)";
            case 429 -> "the server has too much to do (429)";
            default -> "it answered " + status;
        };
        try {
            String reason = ResponseReader.reason(ResponseReader.tree(body).path("error"));
            return mend
                    + (reason.isBlank()
                            ? ""
                            : ": " + (reason.length() > 500 ? reason.substring(0, 500) + "..." : reason));
        } catch (IOException e) {
            return mend;
        }
    }
}
