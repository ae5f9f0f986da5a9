package serai.watch.run;

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

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Documents that a rule has taken, 8 bytes each, by the minute of their time: the time queried anew for late documents overlaps what was
 * queried before.
 */
final class SeenDocuments {

    private static final long MINUTE = 60;

    private final TreeMap<Long, Set<Long>> minutes = new TreeMap<>();
    private int size;

    static SeenDocuments of(JsonNode state) {
        SeenDocuments seen = new SeenDocuments();
        state.properties().forEach(e -> {
            ByteBuffer hashes = ByteBuffer.wrap(Base64.getDecoder().decode(e.getValue().asText()));
            while (hashes.hasRemaining()) {
                seen.add(Long.parseLong(e.getKey()), hashes.getLong());
            }
        });
        return seen;
    }

    /** Whether the document is new. */
    boolean add(String index, String id, Instant time) {
        return add(Math.floorDiv(time.getEpochSecond(), MINUTE), hash(index, id));
    }

    private boolean add(long minute, long hash) {
        boolean added = minutes.computeIfAbsent(minute, m -> new HashSet<>()).add(hash);
        size += added ? 1 : 0;
        return added;
    }

    /**
     * Forgets documents from before a time, and older ones than may be remembered.
     *
     * @return the time after which every document taken is remembered: the one given, or later when there were too many
     */
    Instant forget(Instant before, int most) {
        Instant from = before;
        while (!minutes.isEmpty()) {
            Instant end = Instant.ofEpochSecond((minutes.firstKey() + 1) * MINUTE);
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
        for (Map.Entry<Long, Set<Long>> minute : minutes.entrySet()) {
            ByteBuffer hashes = ByteBuffer.allocate(minute.getValue().size() * Long.BYTES);
            minute.getValue().forEach(hashes::putLong);
            state.put(minute.getKey().toString(), Base64.getEncoder().encodeToString(hashes.array()));
        }
        return state;
    }

    private static long hash(String index, String id) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest((index + '\0' + id).getBytes(StandardCharsets.UTF_8));
            return ByteBuffer.wrap(digest).getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
