package serai.elasticsearch;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.hc.client5.http.impl.ChainElement;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.HttpEntityWrapper;
import org.apache.hc.core5.http.message.BasicHeader;

/**
 * The HTTP client of a server: its options, and its login on each request, which therefore is in no exchange.
 *
 * @param receivedBytes counts the bytes of replies as they are on the wire
 */
record LoginClient(ElasticsearchServer server, LongAdder receivedBytes) implements HttpClientConfigurer {

    @Override
    public void configureHttpClient(HttpClientBuilder builder) {
        server.http().configureHttpClient(builder);
        if (server.authorization() != null) {
            builder.setDefaultHeaders(List.of(new BasicHeader("Authorization", server.authorization())));
        }
        builder.addExecInterceptorBefore(
                ChainElement.MAIN_TRANSPORT.name(), "received-bytes", (request, scope, chain) -> {
                    var response = chain.proceed(request, scope);
                    if (response.getEntity() != null) {
                        response.setEntity(new CountedEntity(response.getEntity()));
                    }
                    return response;
                });
    }

    private final class CountedEntity extends HttpEntityWrapper {

        CountedEntity(HttpEntity entity) {
            super(entity);
        }

        @Override
        public InputStream getContent() throws IOException {
            return new FilterInputStream(super.getContent()) {
                @Override
                public int read() throws IOException {
                    int b = in.read();
                    receivedBytes.add(b < 0 ? 0 : 1);
                    return b;
                }

                @Override
                public int read(byte[] buffer, int offset, int length) throws IOException {
                    int n = in.read(buffer, offset, length);
                    receivedBytes.add(Math.max(0, n));
                    return n;
                }
            };
        }
    }
}
