package serai.watch.search;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.core5.http.ConnectionClosedException;
import serai.http.ReplyTooLargeException;
import serai.watch.query.QueryLanguage;

/** A request without an answer, or without a whole one; its message says why, and holds no secret. */
final class SearchFailedException extends Exception {

    /** How a request failed as a whole. */
    enum Fault {
        UNREACHABLE,
        UNTRUSTED,
        TIMED_OUT,
        REFUSED,
        UNREADABLE,
        TOO_LARGE,
        ROUTE
    }

    final Fault fault;
    /** What the server answered when it refused, else 0. */
    final int status;
    /** How long it wants to be left alone. */
    final Duration retryAfter;

    SearchFailedException(Fault fault, String reason, Throwable cause) {
        this(fault, 0, Duration.ZERO, reason, cause);
    }

    private SearchFailedException(Fault fault, int status, Duration retryAfter, String reason, Throwable cause) {
        super(reason, cause);
        this.fault = fault;
        this.status = status;
        this.retryAfter = retryAfter;
    }

    static SearchFailedException refused(int status, Duration retryAfter, String reason) {
        return new SearchFailedException(Fault.REFUSED, status, retryAfter, reason, null);
    }

    /** What a failure of the route means. */
    static SearchFailedException of(Throwable failure) {
        for (Throwable e = failure; e != null; e = e.getCause()) {
            if (e instanceof SearchFailedException call) {
                return call;
            }
            if (e instanceof IOException io) {
                return of(io);
            }
        }
        return new SearchFailedException(Fault.ROUTE, "the route watch-search failed: " + message(failure), failure);
    }

    private static SearchFailedException of(IOException e) {
        if (e instanceof ReplyTooLargeException) {
            return new SearchFailedException(Fault.TOO_LARGE, e.getMessage(), e);
        }
        if (e instanceof JsonEOFException || e instanceof ConnectionClosedException) {
            return new SearchFailedException(Fault.UNREADABLE, "the answer was cut off", e);
        }
        if (e instanceof JsonProcessingException) {
            return new SearchFailedException(
                    Fault.UNREADABLE, "the answer is not JSON; is this Elasticsearch or OpenSearch?", e);
        }
        if (e instanceof ConnectTimeoutException) {
            return new SearchFailedException(Fault.UNREACHABLE, "it cannot be reached (time-out)", e);
        }
        if (e instanceof InterruptedIOException) {
            return new SearchFailedException(Fault.TIMED_OUT, "it did not answer in time (es_conn_timeout)", e);
        }
        if (e instanceof SSLException) {
            return new SearchFailedException(Fault.UNTRUSTED, "TLS failed: " + e.getMessage(), e);
        }
        return new SearchFailedException(Fault.UNREACHABLE, message(e), e);
    }

    private static String message(Throwable e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    /** Whether one question of several may be what the server cannot take. */
    boolean mayBeOneQuestion() {
        return fault == Fault.TOO_LARGE || status == 400 || status == 413;
    }

    /** Whether it may be over in a moment. */
    boolean mayPass() {
        return fault == Fault.UNREACHABLE || fault == Fault.ROUTE || status == 429 || status == 502 || status == 503;
    }

    /** Whether another host of the cluster may do better. */
    boolean mayBeOneHost() {
        return fault == Fault.UNREACHABLE || fault == Fault.UNTRUSTED || status >= 502;
    }

    /** Whether it is the server that fails and not a question; one that was asked alone may itself be too slow. */
    boolean isTheServers(PendingQuery first) {
        return switch (fault) {
            case UNREACHABLE, UNTRUSTED, ROUTE -> true;
            case TIMED_OUT -> first.company < RequestQueue.ALONE;
            case REFUSED ->
                status == 401
                        || status == 407
                        || status == 429
                        || status >= 502
                        || !mayBeOneQuestion() && first.request.language() == QueryLanguage.QUERY_DSL;
            case UNREADABLE, TOO_LARGE -> false;
        };
    }
}
