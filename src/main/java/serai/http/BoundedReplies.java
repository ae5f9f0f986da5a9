package serai.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.hc.client5.http.classic.ExecRuntime;
import org.apache.hc.client5.http.impl.ChainElement;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.HttpEntityWrapper;

/**
 * Bounds every reply that Serai reads over HTTP, in bytes and in time from the request to the last byte: the client's
 * own time-outs begin anew with each packet. A reply that is not read to its end has its connection closed, where the
 * client would read the rest, which for an endless one is for ever.
 */
public final class BoundedReplies implements HttpClientConfigurer {

    private final long maxBytes;
    private final Duration maxDuration;

    private final boolean compressed;

    /** @param compressed whether replies are asked for in gzip: less network for more processor, on both sides */
    public BoundedReplies(long maxBytes, Duration maxDuration, boolean compressed) {
        this.maxBytes = maxBytes;
        this.maxDuration = maxDuration;
        this.compressed = compressed;
    }

    @Override
    public void configureHttpClient(HttpClientBuilder builder) {
        // the client would ask again by itself after a 503: a run is tried again as a whole, and by its ledger
        builder.disableAutomaticRetries();
        if (!compressed) {
            builder.disableContentCompression();
        }
        builder.addExecInterceptorBefore(
                ChainElement.MAIN_TRANSPORT.name(), "bounded-replies", (request, scope, chain) -> {
                    long start = System.nanoTime();
                    var response = chain.proceed(request, scope);
                    if (response.getEntity() != null) {
                        response.setEntity(new Bounded(response.getEntity(), scope.execRuntime, start));
                    }
                    return response;
                });
    }

    private final class Bounded extends HttpEntityWrapper {

        private final ExecRuntime connection;
        private final long start;
        private InputStream content;

        Bounded(HttpEntity entity, ExecRuntime connection, long start) {
            super(entity);
            this.connection = connection;
            this.start = start;
        }

        @Override
        public InputStream getContent() throws IOException {
            if (content == null) {
                content = new BoundedStream(super.getContent(), connection, start);
            }
            return content;
        }

        @Override
        public boolean isStreaming() {
            return content == null || !((BoundedStream) content).done;
        }
    }

    private final class BoundedStream extends FilterInputStream {

        private final ExecRuntime connection;
        private final long start;
        private long bytes;
        private boolean done;

        BoundedStream(InputStream in, ExecRuntime connection, long start) {
            super(in);
            this.connection = connection;
            this.start = start;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            int n = read(one, 0, 1);
            return n < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            if (done) {
                return -1;
            }
            int n = in.read(buffer, offset, length);
            if (n < 0) {
                done = true;
                return n;
            }
            bytes += n;
            if (bytes > maxBytes) {
                throw abort("The reply is larger than " + maxBytes + " bytes (load.max-bytes).");
            }
            if (System.nanoTime() - start > maxDuration.toNanos()) {
                throw abort("The reply took longer than " + maxDuration.toSeconds() + " s (load.max-duration).");
            }
            return n;
        }

        private IOException abort(String reason) {
            done = true;
            connection.discardEndpoint();
            return new IOException(reason);
        }

        @Override
        public void close() throws IOException {
            if (!done) {
                done = true;
                connection.discardEndpoint();
            }
        }
    }
}
