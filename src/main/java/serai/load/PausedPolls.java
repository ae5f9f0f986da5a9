package serai.load;

import java.sql.SQLException;
import java.util.Objects;
import org.apache.camel.CamelContext;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Route;
import org.apache.camel.ShutdownRunningTask;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.spi.PollingConsumerPollStrategy;
import org.apache.camel.spi.RoutePolicy;
import org.apache.camel.spi.RoutePolicyFactory;
import org.apache.camel.support.DefaultPollingConsumerPollStrategy;
import org.apache.camel.support.RoutePolicySupport;
import org.apache.camel.support.ScheduledBatchPollingConsumer;
import org.apache.camel.support.ScheduledPollConsumer;
import org.apache.camel.support.ScheduledPollEndpoint;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import serai.request.Pauses;
import serai.request.Subject;
import serai.warehouse.Warehouse;

/**
 * Lets routes that poll, such as those that read files, and load by {@code upsert-rows} take nothing while their source
 * is paused or the warehouse does not answer: what waits stays where it is, and no thread waits for it.
 */
final class PausedPolls implements RoutePolicyFactory {

    private static final Logger LOG = LoggerFactory.getLogger(PausedPolls.class);

    private final Warehouse warehouse;

    PausedPolls(Warehouse warehouse) {
        this.warehouse = warehouse;
    }

    @Override
    public RoutePolicy createRoutePolicy(CamelContext context, String routeId, NamedNode node) {
        return node instanceof RouteDefinition route && KameletSteps.has(route, UpsertRows.KIND) ? new Policy() : null;
    }

    /** Whether the messages of a route are taken only while its source is not paused. */
    static boolean isOn(Route route) {
        return route != null
                && route.getConsumer() instanceof ScheduledPollConsumer consumer
                && consumer.getPollStrategy() instanceof Polls;
    }

    /** Looks before each poll, and ends a poll between two of its messages. */
    private final class Policy extends RoutePolicySupport {

        @Override
        public void onInit(Route route) {
            // the consumer is made of it next; it may have been another route's, before an edit
            if (route.getEndpoint() instanceof ScheduledPollEndpoint endpoint) {
                PollingConsumerPollStrategy set = endpoint.getPollStrategy();
                PollingConsumerPollStrategy configured = set instanceof Polls polls
                        ? polls.configured
                        : Objects.requireNonNullElseGet(set, DefaultPollingConsumerPollStrategy::new);
                endpoint.setPollStrategy(new Polls(route.getRouteId(), configured));
            }
        }

        @Override
        public void onExchangeDone(Route route, Exchange exchange) {
            if (route.getConsumer() instanceof ScheduledBatchPollingConsumer consumer
                    && consumer.getPollStrategy() instanceof Polls polls
                    && !polls.mayTake()) {
                polls.cutOff = true;
                consumer.deferShutdown(ShutdownRunningTask.CompleteCurrentTaskOnly);
            }
        }
    }

    private final class Polls implements PollingConsumerPollStrategy {

        private final String source;
        private final PollingConsumerPollStrategy configured;
        /** Whether the last poll was ended before its last message. */
        private volatile boolean cutOff;

        Polls(String source, PollingConsumerPollStrategy configured) {
            this.source = source;
            this.configured = configured;
        }

        boolean mayTake() {
            try {
                return Pauses.find(warehouse, new Subject(Subject.Kind.SOURCE, source))
                        .isEmpty();
            } catch (SQLException e) {
                LOG.debug("source={} Nothing is taken: the warehouse does not answer: {}", source, e.getMessage());
                return false;
            }
        }

        @Override
        public boolean begin(Consumer consumer, Endpoint endpoint) {
            if (!mayTake()) {
                return false;
            }
            if (cutOff && consumer instanceof ScheduledBatchPollingConsumer batches) {
                cutOff = false;
                batches.deferShutdown(null);
            }
            return configured.begin(consumer, endpoint);
        }

        @Override
        public void commit(Consumer consumer, Endpoint endpoint, int polledMessages) {
            configured.commit(consumer, endpoint, polledMessages);
        }

        @Override
        public boolean rollback(Consumer consumer, Endpoint endpoint, int retryCounter, Exception cause)
                throws Exception {
            return configured.rollback(consumer, endpoint, retryCounter, cause);
        }
    }
}
