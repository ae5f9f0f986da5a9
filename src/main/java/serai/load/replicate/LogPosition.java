package serai.load.replicate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import org.postgresql.replication.LogSequenceNumber;

/**
 * How far the log of a source was applied.
 *
 * @param lsn the end of the last commit that was applied
 * @param system the source's system identifier
 * @param publication the publication's oid: another one of the same name has missed changes
 * @param committedAt when the last transaction that was applied was committed at the source; null before the first
 * @param mark the name of that transaction, by which a log is known again that has other transactions in the same
 *     places; null where logs have none
 * @param inserts the publication of inserts; null when it was never there
 */
record LogPosition(long lsn, String system, long publication, Instant committedAt, String mark, Inserts inserts) {

    /**
     * A publication that was made while the source was followed: the log cannot be read with it from an earlier place.
     *
     * @param since from where on it can
     */
    record Inserts(long oid, long since) {}

    /** Null when nothing was applied yet. */
    static LogPosition of(JsonNode position) {
        return position.hasNonNull("lsn")
                ? new LogPosition(
                        LogSequenceNumber.valueOf(position.get("lsn").asText()).asLong(),
                        position.get("system").asText(),
                        position.get("publication").asLong(),
                        position.hasNonNull("committed_at")
                                ? Instant.parse(position.get("committed_at").asText())
                                : null,
                        position.hasNonNull("mark") ? position.get("mark").asText() : null,
                        position.hasNonNull("inserts")
                                ? new Inserts(
                                        position.get("inserts").asLong(),
                                        parse(position.get("inserts_since").asText()))
                                : null)
                : null;
    }

    JsonNode json() {
        ObjectNode json = new ObjectMapper()
                .createObjectNode()
                .put("lsn", text(lsn))
                .put("system", system)
                .put("publication", publication)
                .put("committed_at", committedAt == null ? null : committedAt.toString());
        if (inserts != null) {
            json.put("inserts", inserts.oid()).put("inserts_since", text(inserts.since()));
        }
        return mark == null ? json : json.put("mark", mark);
    }

    /** @param time when the transaction was committed that ends there; null when none does */
    LogPosition at(long next, Instant time) {
        return new LogPosition(next, system, publication, time == null ? committedAt : time, mark, inserts);
    }

    /** The same position, at the end of a transaction of this name. */
    LogPosition marked(String transaction) {
        return new LogPosition(lsn, system, publication, committedAt, transaction, inserts);
    }

    /** The same position, with a publication of inserts. */
    LogPosition with(Inserts publication) {
        return new LogPosition(lsn, system, this.publication, committedAt, mark, publication);
    }

    static String text(long lsn) {
        return LogSequenceNumber.valueOf(lsn).asString();
    }

    static long parse(String lsn) {
        return LogSequenceNumber.valueOf(lsn).asLong();
    }
}
