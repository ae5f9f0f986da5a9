package serai.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecRuntime;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.io.entity.HttpEntityWrapper;

/**
 * Bounds every reply of a client in bytes and in time. The client's own time-outs start again with each packet, so a
 * server that sends byte by byte would never exceed them. A reply that is not read to its end has its connection
 * closed: the client would read the rest, which may never end. No request is repeated by the client: after a 429 or 503
 * the caller decides when to try again.
 *
 * @param maxBytes of a reply's body, unpacked
 * @param maxTime from the request to the last byte of the reply
 * @param maxBytesSetting name of the setting for {@code maxBytes}, for messages; null when it is fixed
 * @param maxTimeSetting the same for {@code maxTime}
 */
public record BoundedReplies(long maxBytes, Duration maxTime, String maxBytesSetting, String maxTimeSetting)
        implements HttpClientConfigurer {

    /** Bounds that no setting changes. */
    public static BoundedReplies of(long maxBytes, Duration maxTime) {
        return new BoundedReplies(maxBytes, maxTime, null, null);
    }

    @Override
    public void configureHttpClient(HttpClientBuilder builder) {
        builder.disableAutomaticRetries();
        builder.addExecInterceptorFirst("bounded-replies", this::execute);
    }

    private ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        Deadline deadline = new Deadline(scope.execRuntime);
        try {
            ClassicHttpResponse response = chain.proceed(request, scope);
            HttpEntity entity = response.getEntity();
            if (entity == null) {
                deadline.cancel();
            } else {
                response.setEntity(new BoundedEntity(entity, deadline));
            }
            return response;
        } catch (IOException | HttpException | RuntimeException e) {
            deadline.cancel();
            if (deadline.isOver()) {
                throw deadline.exceeded();
            }
            throw e;
        }
    }

    private static String named(String setting) {
        return setting == null ? "." : " (" + setting + ").";
    }

    /** Closes the connection when the time is over, also while a thread is blocked in a read. */
    private final class Deadline {

        private final ExecRuntime connection;
        private final CompletableFuture<Void> reply = new CompletableFuture<>();

        Deadline(ExecRuntime connection) {
            this.connection = connection;
            reply.orTimeout(maxTime.toMillis(), TimeUnit.MILLISECONDS).whenComplete((ok, late) -> {
                if (late != null) {
                    closeConnection();
                }
            });
        }

        void cancel() {
            reply.complete(null);
        }

        boolean isOver() {
            return reply.isCompletedExceptionally();
        }

        void closeConnection() {
            connection.discardEndpoint();
        }

        InterruptedIOException exceeded() {
            return new InterruptedIOException(
                    "The reply took longer than " + maxTime.toSeconds() + " s" + named(maxTimeSetting));
        }
    }

    private final class BoundedEntity extends HttpEntityWrapper {

        private final Deadline deadline;
        private InputStream content;

        BoundedEntity(HttpEntity entity, Deadline deadline) {
            super(entity);
            this.deadline = deadline;
        }

        /** The same stream each time: it is asked for again to be closed. */
        @Override
        public InputStream getContent() throws IOException {
            if (content == null) {
                content = new BoundedStream(super.getContent(), deadline);
            }
            return content;
        }
    }

    private final class BoundedStream extends InputStream {

        private final InputStream in;
        private final Deadline deadline;
        private long bytes;
        private boolean closed;

        BoundedStream(InputStream in, Deadline deadline) {
            this.in = in;
            this.deadline = deadline;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            if (closed) {
                return -1;
            }
            int n = readInTime(buffer, offset, length);
            if (n < 0) {
                finish();
                return n;
            }
            bytes += n;
            if (bytes > maxBytes) {
                close();
                throw new ReplyTooLargeException(
                        "The reply is larger than " + maxBytes + " bytes" + named(maxBytesSetting));
            }
            return n;
        }

        private int readInTime(byte[] buffer, int offset, int length) throws IOException {
            try {
                int n = in.read(buffer, offset, length);
                if (!deadline.isOver()) {
                    return n;
                }
            } catch (IOException e) {
                if (!deadline.isOver()) {
                    throw e;
                }
            }
            close();
            throw deadline.exceeded();
        }

        /** The body is whole. What follows a packed one, such as the mark of the last chunk, frees the connection. */
        private void finish() {
            closed = true;
            try {
                in.close();
            } catch (IOException e) {
                deadline.closeConnection();
            } finally {
                deadline.cancel();
            }
        }

        @Override
        public void close() {
            if (!closed) {
                closed = true;
                deadline.cancel();
                deadline.closeConnection();
            }
        }
    }
}
