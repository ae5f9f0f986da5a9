package serai.elasticsearch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.core5.http.ConnectionClosedException;
import serai.http.ReplyTooLargeException;

/** A request has no reply, or no complete one. The message gives the reason and contains no secret. */
public final class ElasticsearchException extends Exception {

    private static final long serialVersionUID = 1L;
    private static final int MAX_REASON = 500;

    /** How a request failed. */
    public enum Fault {
        /** There was no connection. */
        UNREACHABLE,
        /** There was no TLS connection: one side did not accept the other's certificate. */
        UNTRUSTED,
        /** The reply did not begin or end in time. */
        TIMED_OUT,
        /** The reply has a status that is not 2xx. */
        REFUSED,
        /** The reply was cut off or is not what was expected. */
        UNREADABLE,
        /** The reply is larger than its bound. */
        TOO_LARGE,
        /** The Camel route did not do its work. */
        ROUTE
    }

    private final Fault fault;
    private final int status;
    private final Duration retryAfter;

    /** A failure without a reply that names a reason. */
    public ElasticsearchException(Fault fault, String reason, Throwable cause) {
        this(fault, 0, Duration.ZERO, reason, cause);
    }

    private ElasticsearchException(Fault fault, int status, Duration retryAfter, String reason, Throwable cause) {
        super(reason, cause);
        this.fault = fault;
        this.status = status;
        this.retryAfter = retryAfter;
    }

    /**
     * A reply with a status that is not 2xx.
     *
     * @param retryAfter how long the server asks to wait; zero when it does not
     * @param body of the reply, whose error is the reason if it can be read
     */
    static ElasticsearchException refused(int status, Duration retryAfter, InputStream body) {
        String meaning = switch (status) {
            case 401 -> "the login was refused (401); check user, password or key of the search server";
            case 403 -> "the login has no permission for this (403)";
            case 407 -> "the proxy requires a login (407); set it in watch.elasticsearch-proxy";
            case 413 -> "the request is larger than the server accepts (413)";
            case 429 -> "the server is overloaded (429)";
            default -> "it answered " + status;
        };
        String reason = "";
        try {
            reason = JsonReply.reason(JsonReply.read(body).path("error"));
        } catch (IOException e) {
            // the status has to do
        }
        String bounded = reason.length() > MAX_REASON ? reason.substring(0, MAX_REASON) + "..." : reason;
        return new ElasticsearchException(
                Fault.REFUSED, status, retryAfter, meaning + (bounded.isBlank() ? "" : ": " + bounded), null);
    }

    /** What a failure in the route means. */
    static ElasticsearchException of(Throwable failure) {
        for (Throwable e = failure; e != null; e = e.getCause()) {
            if (e instanceof ElasticsearchException known) {
                return known;
            }
            if (e instanceof IOException io) {
                return of(io);
            }
        }
        return new ElasticsearchException(Fault.ROUTE, "the route failed: " + message(failure), failure);
    }

    private static ElasticsearchException of(IOException e) {
        if (e instanceof ReplyTooLargeException) {
            return new ElasticsearchException(Fault.TOO_LARGE, e.getMessage(), e);
        }
        if (e instanceof JsonEOFException || e instanceof ConnectionClosedException) {
            return new ElasticsearchException(Fault.UNREADABLE, "the reply was cut off", e);
        }
        if (e instanceof JsonProcessingException) {
            return new ElasticsearchException(
                    Fault.UNREADABLE, "the reply is not JSON; is this Elasticsearch or OpenSearch?", e);
        }
        if (e instanceof ConnectTimeoutException) {
            return new ElasticsearchException(Fault.UNREACHABLE, "it cannot be reached (time-out)", e);
        }
        if (e instanceof InterruptedIOException) {
            return new ElasticsearchException(Fault.TIMED_OUT, "it did not answer in time (es_conn_timeout)", e);
        }
        if (e instanceof SSLException) {
            return new ElasticsearchException(Fault.UNTRUSTED, "TLS failed: " + e.getMessage(), e);
        }
        return new ElasticsearchException(Fault.UNREACHABLE, message(e), e);
    }

    private static String message(Throwable e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    /** How the request failed. */
    public Fault fault() {
        return fault;
    }

    /** The status of a reply with {@link Fault#REFUSED}; 0 otherwise. */
    public int status() {
        return status;
    }

    /** How long the server asks to wait before the next request; zero when it does not. */
    public Duration retryAfter() {
        return retryAfter;
    }

    /** Whether the same request may succeed in a moment. */
    public boolean isTransient() {
        return fault == Fault.UNREACHABLE || fault == Fault.ROUTE || status == 429 || status == 502 || status == 503;
    }

    /** Whether the login or the load of the server is the reason, or the server as a whole, and not the request. */
    public boolean isOfServer() {
        return fault == Fault.UNREACHABLE
                || fault == Fault.UNTRUSTED
                || fault == Fault.ROUTE
                || status == 401
                || status == 407
                || status == 429
                || status >= 502;
    }

    /** Whether another host of the cluster may succeed. */
    boolean isOfHost() {
        return fault == Fault.UNREACHABLE || fault == Fault.UNTRUSTED || status >= 502;
    }
}
