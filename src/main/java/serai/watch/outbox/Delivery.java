package serai.watch.outbox;

import java.time.Duration;

/**
 * How a delivery ended.
 *
 * @param status what {@code meta.outbox.status} becomes: sent, pending or failed
 * @param reason why it was not sent, without the address; null when it was
 * @param retryAfter the wait that the other side asked for, or null
 * @param result what the other side gave back, such as a ticket's key; or null
 */
public record Delivery(String status, String reason, Duration retryAfter, String result) {

    private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);
    private static final int LONGEST_WORD = 100;

    public static Delivery sent() {
        return sent(null);
    }

    public static Delivery sent(String result) {
        return new Delivery("sent", null, null, result);
    }

    public static Delivery failed(String reason) {
        return new Delivery("failed", reason, null, null);
    }

    public static Delivery later(String reason, Duration retryAfter) {
        return new Delivery("pending", reason, retryAfter, null);
    }

    /**
     * Judges an answer over HTTP: what may go through later is tried again (spec/contracts.md 6.1).
     *
     * @param product who answered, for the reason
     * @param code the HTTP status, or null when there was no answer
     * @param retryAfter the header {@code Retry-After}, seconds; may be null
     * @param word the answer's body, such as {@code no_service}
     */
    public static Delivery of(String product, Integer code, String retryAfter, String word) {
        if (code == null) {
            return later(product + " did not answer: " + bounded(word), null);
        }
        if (code / 100 == 2) {
            return sent();
        }
        String reason = product + " answered " + code + (word == null || word.isBlank() ? "" : " " + bounded(word));
        if (code == 429) {
            return later(reason, seconds(retryAfter));
        }
        return code / 100 == 5 || code == 408 ? later(reason, seconds(retryAfter)) : failed(reason);
    }

    static Duration seconds(String retryAfter) {
        boolean number = retryAfter != null && retryAfter.strip().matches("\\d{1,6}");
        return number ? Duration.ofSeconds(Math.max(1, Math.min(86_400, Long.parseLong(retryAfter.strip())))) : null;
    }

    /** A word of somebody else's as it may be written down: one short line, no address. */
    static String bounded(String word) {
        String line = String.valueOf(word).replaceAll("[\\s\\p{Cntrl}]+", " ").strip();
        // an address is a secret even where it is quoted in an answer
        String safe = line.replaceAll("https?://\\S+", "(address)")
                .replaceAll("/services/\\S+", "(address)")
                .replaceAll("/bot\\d+:\\S+", "(address)");
        return safe.length() <= LONGEST_WORD ? safe : safe.substring(0, LONGEST_WORD);
    }

    public boolean again() {
        return status.equals("pending");
    }

    /**
     * How long to wait before the next attempt: as the other side asks, else longer each time, five minutes at most.
     */
    public Duration wait(int attempt) {
        if (!again()) {
            return Duration.ZERO;
        }
        if (retryAfter != null) {
            return retryAfter;
        }
        Duration doubled = Duration.ofSeconds(1L << Math.min(attempt, 10));
        return doubled.compareTo(LONGEST_WAIT) < 0 ? doubled : LONGEST_WAIT;
    }
}
