package serai.watch.search;

import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import serai.elasticsearch.ElasticsearchClient;
import serai.elasticsearch.ElasticsearchException;
import serai.watch.query.Search;

/**
 * Whether a server answers. An outage that is short is bridged: queries wait, and rules notice nothing. During a longer
 * one they fail at once, and the log names it once. Not thread-safe.
 */
final class ServerAvailability {

    /** How long queries wait for a server that does not answer. */
    static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(ServerAvailability.class);

    private final ElasticsearchClient client;
    private final CircuitBreaker breaker = new CircuitBreaker(Clock.systemUTC());
    private boolean logged;

    ServerAvailability(ElasticsearchClient client) {
        this.client = client;
    }

    /** Whether the last request succeeded. */
    boolean isUp() {
        return breaker.isClosed();
    }

    /** Whether the server has not answered for so long that queries fail at once. */
    boolean isDown() {
        return breaker.outage().compareTo(PATIENCE) > 0 && !breaker.pause().isZero();
    }

    /** How long until a request may be sent; zero for now. */
    Duration pause() {
        return breaker.pause();
    }

    /** How long queries still wait for the server; negative when they wait no more. */
    Duration patience() {
        return PATIENCE.minus(breaker.outage());
    }

    /** The failure of a query while the server does not answer. */
    Search.NoServerException unavailable() {
        return new Search.NoServerException(client.server() + " has not answered since "
                + breaker.since().truncatedTo(ChronoUnit.SECONDS) + ": " + breaker.reason());
    }

    void failed(ElasticsearchException e) {
        breaker.failed(e.getMessage(), e.retryAfter());
        if (!logged && breaker.outage().compareTo(PATIENCE) > 0) {
            logged = true;
            LOG.warn(
                    "server={} It does not answer; its rules continue when it does: {}",
                    client.server(),
                    breaker.reason());
        }
    }

    void answered() {
        Duration outage = breaker.succeeded();
        if (outage != null) {
            client.forgetProduct();
        }
        if (logged) {
            LOG.info("server={} It answers again, after {} s", client.server(), outage.toSeconds());
        }
        logged = false;
    }
}
