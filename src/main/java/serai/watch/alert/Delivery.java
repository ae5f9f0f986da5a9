package serai.watch.alert;

import java.time.Duration;

/**
 * How a post ended, as Slack's answer says it (spec/contracts.md 6.1).
 *
 * @param status     what {@code meta.outbox.status} becomes: sent, pending or failed
 * @param reason     why it was not sent, without the address; null when it was
 * @param retryAfter the wait that Slack asked for, or null
 */
public record Delivery(String status, String reason, Duration retryAfter) {

    private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);
    private static final int LONGEST_WORD = 100;

    public static Delivery sent() {
        return new Delivery("sent", null, null);
    }

    public static Delivery failed(String reason) {
        return new Delivery("failed", reason, null);
    }

    public static Delivery later(String reason, Duration retryAfter) {
        return new Delivery("pending", reason, retryAfter);
    }

    /**
     * Judges an answer.
     *
     * @param code       the HTTP status, or null when there was no answer
     * @param retryAfter the header {@code Retry-After}, seconds; may be null
     * @param word       the answer's body, such as {@code no_service}
     */
    public static Delivery of(Integer code, String retryAfter, String word) {
        if (code == null) {
            return later("Slack did not answer: " + bounded(word), null);
        }
        if (code / 100 == 2) {
            return sent();
        }
        String reason = "Slack answered " + code + (word == null || word.isBlank() ? "" : " " + bounded(word));
        if (code == 429) {
            return later(reason, seconds(retryAfter));
        }
        return code / 100 == 5 || code == 408 ? later(reason, seconds(retryAfter)) : failed(reason);
    }

    private static Duration seconds(String retryAfter) {
        boolean number = retryAfter != null && retryAfter.strip().matches("\\d{1,6}");
        return number ? Duration.ofSeconds(Math.max(1, Math.min(86_400, Long.parseLong(retryAfter.strip())))) : null;
    }

    private static String bounded(String word) {
        String line = String.valueOf(word).replaceAll("[\\s\\p{Cntrl}]+", " ").strip();
        // an address is a secret even where it is quoted in an answer
        String safe = line.replaceAll("https?://\\S+", "(address)").replaceAll("/services/\\S+", "(address)");
        return safe.length() <= LONGEST_WORD ? safe : safe.substring(0, LONGEST_WORD);
    }

    public boolean again() {
        return status.equals("pending");
    }

    /** How long to wait before the next attempt: as Slack asks, else longer each time, five minutes at most. */
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
