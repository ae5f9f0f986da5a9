package serai.load.ga4;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import serai.warehouse.RunOutcome;
import serai.warehouse.Sql;
import serai.warehouse.Warehouse;
import serai.warehouse.Writer;

/**
 * Until when no request may be sent to a property, because a quota is used up or close to it. All sources of the
 * property and all instances share the wait: it is kept in the warehouse, as the position of a source of its own.
 */
final class QuotaWait {

    private static final Logger LOG = LoggerFactory.getLogger(QuotaWait.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String LARGEST = "largest";

    private final Warehouse warehouse;
    private final Clock clock;

    QuotaWait(Warehouse warehouse, Clock clock) {
        this.warehouse = warehouse;
        this.clock = clock;
    }

    private static String source(String property) {
        return "ga4-quota-" + property;
    }

    /** @throws IOException while the property's wait is not over; the message has its reason */
    void requireOver(String property) throws IOException {
        JsonNode position = position(property);
        Instant notBefore = Instant.parse(position.path("notBefore").asText(Instant.EPOCH.toString()));
        if (clock.instant().isBefore(notBefore)) {
            throw new IOException(position.path("reason").asText() + " The next request to property " + property
                    + " is not before " + notBefore + ".");
        }
    }

    private JsonNode position(String property) throws IOException {
        try (Connection c = warehouse.dataSource().getConnection()) {
            return JSON.readTree(Sql.on(c)
                    .first(
                            "select position from meta.offsets where source = ?",
                            row -> row.text("position"),
                            source(property))
                    .orElse("{}"));
        } catch (SQLException | JsonProcessingException e) {
            throw new IOException("The wait for the quota of property " + property + " cannot be read.", e);
        }
    }

    /**
     * Begins a wait.
     *
     * @param reason a sentence
     * @return the failure of the run that met the quota
     */
    IOException begin(String property, Ga4Quota quota, String reason) throws IOException {
        Instant notBefore = quota.refilledAfter(clock.instant()).truncatedTo(ChronoUnit.SECONDS);
        change(
                property,
                position -> position.put("notBefore", notBefore.toString()).put("reason", reason));
        return new IOException(
                reason + " The next request to property " + property + " is not before " + notBefore + ".");
    }

    /**
     * Looks at what an answer says is left, and begins a wait when a quota is below its floor. How large a quota is,
     * Google does not say: it is the largest amount that was ever seen.
     *
     * @param left {@code propertyQuota} of the answer
     * @param floor share of each quota that is left to others, in per cent
     */
    void look(String property, JsonNode left, double floor) throws IOException {
        ObjectNode largest =
                position(property).path(LARGEST) instanceof ObjectNode seen ? seen : JSON.createObjectNode();
        boolean grown = false;
        for (Ga4Quota quota : Ga4Quota.values()) {
            JsonNode amount = left.path(quota.field());
            long remaining = amount.path("remaining").asLong();
            long before = remaining + amount.path("consumed").asLong();
            if (amount.has("remaining") && before > largest.path(quota.field()).asLong()) {
                largest.put(quota.field(), before);
                grown = true;
            }
        }
        if (grown) {
            change(property, position -> position.set(LARGEST, largest));
        }
        for (Ga4Quota quota : Ga4Quota.values()) {
            JsonNode remaining = left.path(quota.field()).path("remaining");
            long size = largest.path(quota.field()).asLong();
            if (quota != Ga4Quota.CONCURRENT_REQUESTS
                    && remaining.isNumber()
                    && remaining.asDouble() < Math.max(size * floor / 100, quota.least())) {
                String reason = "Of the quota '" + quota.text() + "' only " + remaining + " of " + size
                        + " are left; the rest is for others (quotaFloor).";
                LOG.info(
                        "property={} {}",
                        property,
                        begin(property, quota, reason).getMessage());
                return;
            }
        }
    }

    private interface Change {
        void to(ObjectNode position);
    }

    private void change(String property, Change change) throws IOException {
        try (Writer writer = warehouse.writer(source(property))) {
            ObjectNode position = writer.position().deepCopy();
            change.to(position);
            writer.commitWithState(tx -> {
                tx.position(position);
                return RunOutcome.ok();
            });
        } catch (Exception e) {
            throw new IOException("The wait for the quota of property " + property + " cannot be written.", e);
        }
    }
}
