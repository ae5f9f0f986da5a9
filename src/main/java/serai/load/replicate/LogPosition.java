package serai.load.replicate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.postgresql.replication.LogSequenceNumber;

/**
 * How far the log of a source was applied.
 *
 * @param lsn the end of the last commit that was applied
 * @param system the source's system identifier
 * @param publication the publication's oid: another one of the same name has missed changes
 */
record LogPosition(long lsn, String system, long publication) {

    /** Null when nothing was applied yet. */
    static LogPosition of(JsonNode position) {
        return position.hasNonNull("lsn")
                ? new LogPosition(
                        LogSequenceNumber.valueOf(position.get("lsn").asText()).asLong(),
                        position.get("system").asText(),
                        position.get("publication").asLong())
                : null;
    }

    JsonNode json() {
        return new ObjectMapper()
                .createObjectNode()
                .put("lsn", text(lsn))
                .put("system", system)
                .put("publication", publication);
    }

    LogPosition at(long next) {
        return new LogPosition(next, system, publication);
    }

    static String text(long lsn) {
        return LogSequenceNumber.valueOf(lsn).asString();
    }

    static long parse(String lsn) {
        return LogSequenceNumber.valueOf(lsn).asLong();
    }
}
