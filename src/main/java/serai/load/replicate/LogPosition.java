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
 */
record LogPosition(long lsn, String system, long publication, Instant committedAt, String mark) {

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
                        position.hasNonNull("mark") ? position.get("mark").asText() : null)
                : null;
    }

    JsonNode json() {
        ObjectNode json = new ObjectMapper()
                .createObjectNode()
                .put("lsn", text(lsn))
                .put("system", system)
                .put("publication", publication)
                .put("committed_at", committedAt == null ? null : committedAt.toString());
        return mark == null ? json : json.put("mark", mark);
    }

    /** @param time when the transaction was committed that ends there; null when none does */
    LogPosition at(long next, Instant time) {
        return new LogPosition(next, system, publication, time == null ? committedAt : time, mark);
    }

    /** The same position, at the end of a transaction of this name. */
    LogPosition marked(String transaction) {
        return new LogPosition(lsn, system, publication, committedAt, transaction);
    }

    static String text(long lsn) {
        return LogSequenceNumber.valueOf(lsn).asString();
    }

    static long parse(String lsn) {
        return LogSequenceNumber.valueOf(lsn).asLong();
    }
}
