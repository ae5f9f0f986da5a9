package serai.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.CamelContext;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The camel-http clients of one user: one for each set of options, made when it is first needed, also while routes run.
 * Rules that reach servers in the same way share one.
 */
public final class HttpClients {

    private static final Logger LOG = LoggerFactory.getLogger(HttpClients.class);

    private final CamelContext context;
    private final String prefix;
    private final AtomicInteger count = new AtomicInteger();
    private final Map<HttpClientConfigurer, String> names = new ConcurrentHashMap<>();

    /**
     * @param context not started yet
     * @param prefix begins the names of these clients, such as {@code watch-post}; no other user's
     */
    public HttpClients(CamelContext context, String prefix) {
        this.context = context;
        this.prefix = prefix;
        SynchronizedRegistry.use(context);
    }

    /** The name of a client in Camel's registry, for the endpoint option {@code httpClientConfigurer=#NAME}. */
    public String name(HttpClientConfigurer client) {
        return names.computeIfAbsent(client, c -> {
            String name = prefix + "-" + count.incrementAndGet();
            context.getRegistry().bind(name, c);
            return name;
        });
    }

    /**
     * An endpoint URI for requests with short replies, whose address is the header {@code CamelHttpUri}: an address in
     * the URI of the endpoint would be logged. Every status is a reply and no exception. The reply is read into memory
     * at once, since an exchange may live on and send more requests. A reply beyond its bounds is cut there, and its
     * status counts.
     *
     * @throws IOException when a certificate or key cannot be used; the message names the file
     */
    public String endpoint(HttpOptions options) throws IOException {
        HttpClientConfigurer client = new ShortReplies(options);
        if (!names.containsKey(client)) {
            options.tls().check();
        }
        String name = name(client);
        return "http:" + name + "?httpClientConfigurer=#" + name
                + "&throwExceptionOnFailure=false&disableStreamCache=true";
    }

    private record ShortReplies(HttpOptions options) implements HttpClientConfigurer {

        @Override
        public void configureHttpClient(HttpClientBuilder builder) {
            options.configureHttpClient(builder);
            builder.addExecInterceptorFirst("short-replies", (request, scope, chain) -> {
                ClassicHttpResponse response = chain.proceed(request, scope);
                if (response.getEntity() != null) {
                    response.setEntity(inMemory(response.getEntity()));
                }
                return response;
            });
        }

        private static HttpEntity inMemory(HttpEntity reply) throws IOException {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            try (InputStream in = reply.getContent()) {
                in.transferTo(body);
            } catch (ReplyTooLargeException | InterruptedIOException e) {
                LOG.debug("A reply was cut: {}", e.getMessage());
            }
            return new ByteArrayEntity(body.toByteArray(), ContentType.parseLenient(reply.getContentType()));
        }
    }
}
