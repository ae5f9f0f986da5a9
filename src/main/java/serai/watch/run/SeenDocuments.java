package serai.watch.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Documents that a rule has taken, grouped by the minute of their time. A document is 8 bytes: 6 bytes of a hash of its
 * index and id, and 2 bytes for the millisecond in the minute. A minute includes its end and excludes its beginning, as
 * the ranges of queries do.
 */
final class SeenDocuments {

    private static final long MINUTE = 60_000;

    private final TreeMap<Long, Minute> minutes = new TreeMap<>();
    private int size;

    /** The documents of one minute; unpacked when they are first needed. */
    private static final class Minute {
        private String packed;
        private Set<Long> documents;

        Minute(String packed) {
            this.packed = packed;
        }

        int size() {
            return documents != null ? documents.size() : bytes(packed) / Long.BYTES;
        }

        private static int bytes(String base64) {
            int padding = base64.endsWith("==") ? 2 : base64.endsWith("=") ? 1 : 0;
            return base64.length() / 4 * 3 - padding;
        }

        Set<Long> documents() {
            if (documents == null) {
                documents = new HashSet<>(size() * 2);
                ByteBuffer longs = ByteBuffer.wrap(Base64.getDecoder().decode(packed));
                while (longs.hasRemaining()) {
                    documents.add(longs.getLong());
                }
            }
            return documents;
        }

        boolean add(long document) {
            boolean added = documents().add(document);
            packed = added ? null : packed;
            return added;
        }

        String packed() {
            if (packed == null) {
                ByteBuffer longs = ByteBuffer.allocate(documents.size() * Long.BYTES);
                documents.stream().sorted().forEach(longs::putLong);
                packed = Base64.getEncoder().encodeToString(longs.array());
            }
            return packed;
        }
    }

    static SeenDocuments of(JsonNode state) {
        SeenDocuments seen = new SeenDocuments();
        state.properties().forEach(e -> {
            Minute minute = new Minute(e.getValue().asText());
            seen.minutes.put(Long.parseLong(e.getKey()), minute);
            seen.size += minute.size();
        });
        return seen;
    }

    /** Adds a document; returns whether it is new. */
    boolean add(String index, String id, Instant time) {
        long millis = time.toEpochMilli();
        long minute = minute(millis);
        boolean added = minutes.computeIfAbsent(minute, m -> new Minute(""))
                .add(hash(index, id) << 16 | millis - minute * MINUTE);
        size += added ? 1 : 0;
        return added;
    }

    /** The number of documents of a time, {@code from} exclusive and {@code to} inclusive. */
    long count(Instant from, Instant to) {
        long after = from.toEpochMilli();
        long last = to.toEpochMilli();
        long count = 0;
        for (Map.Entry<Long, Minute> e :
                minutes.subMap(minute(after + 1), true, minute(last), true).entrySet()) {
            long start = e.getKey() * MINUTE;
            count += start >= after && start + MINUTE <= last
                    ? e.getValue().size()
                    : e.getValue().documents().stream()
                            .mapToLong(d -> start + (d & 0xFFFF))
                            .filter(t -> t > after && t <= last)
                            .count();
        }
        return count;
    }

    /**
     * Removes documents from before a time, and the oldest when there are more than {@code most}.
     *
     * @return the time after which every document taken is remembered: the one given, or later when there were too many
     */
    Instant forget(Instant before, int most) {
        Instant from = before;
        while (!minutes.isEmpty()) {
            Instant end = Instant.ofEpochMilli((minutes.firstKey() + 1) * MINUTE);
            if (end.isAfter(before) && size <= most) {
                break;
            }
            from = end.isAfter(from) ? end : from;
            size -= minutes.pollFirstEntry().getValue().size();
        }
        return from;
    }

    JsonNode state() {
        ObjectNode state = JsonNodeFactory.instance.objectNode();
        minutes.forEach((minute, documents) -> state.put(minute.toString(), documents.packed()));
        return state;
    }

    private static long minute(long millis) {
        return Math.floorDiv(millis - 1, MINUTE);
    }

    private static long hash(String index, String id) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest((index + '\0' + id).getBytes(StandardCharsets.UTF_8));
            return ByteBuffer.wrap(digest).getLong() >>> 16;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
