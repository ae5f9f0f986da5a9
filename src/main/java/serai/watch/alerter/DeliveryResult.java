package serai.watch.alerter;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;

/**
 * How an attempt to deliver a message ended.
 *
 * @param reason why it was not sent, without the address; null when it was
 * @param retryAfter the wait that the receiver asked for, or null
 * @param reference what the receiver returned, such as a ticket's address; or null
 * @param payload what is to be sent instead at the next attempt; null for the same again
 */
public record DeliveryResult(Status status, String reason, Duration retryAfter, String reference, ObjectNode payload) {

    /** What becomes of the message. */
    public enum Status {
        /** The receiver has it. */
        SENT("sent"),
        /** It is tried again. */
        RETRY("pending"),
        /** It is given up. */
        FAILED("failed");

        private final String stored;

        Status(String stored) {
            this.stored = stored;
        }

        /** The value of {@code meta.outbox.status}. */
        public String stored() {
            return stored;
        }
    }

    private static final Duration LONGEST_DELAY = Duration.ofMinutes(5);
    private static final int LONGEST_TEXT = 100;

    /** The receiver has the message. */
    public static DeliveryResult sent() {
        return sent(null);
    }

    /** The receiver has the message, and returned a reference. */
    public static DeliveryResult sent(String reference) {
        return new DeliveryResult(Status.SENT, null, null, reference, null);
    }

    /** The message is given up. */
    public static DeliveryResult failed(String reason) {
        return new DeliveryResult(Status.FAILED, reason, null, null, null);
    }

    /** The message is tried again. */
    public static DeliveryResult retry(String reason) {
        return retry(reason, null);
    }

    /** The message is tried again after a wait; null for the usual one. */
    public static DeliveryResult retry(String reason, Duration wait) {
        return new DeliveryResult(Status.RETRY, reason, wait, null, null);
    }

    /** Another payload is tried after a second. */
    static DeliveryResult retryWith(ObjectNode payload, String reason) {
        return new DeliveryResult(Status.RETRY, reason, Duration.ofSeconds(1), null, payload);
    }

    /** A text of the receiver as it may be stored and logged: one short line without addresses, which are secrets. */
    public static String safe(String text) {
        String line = String.valueOf(text)
                .replaceAll("[\\s\\p{Cntrl}]+", " ")
                .strip()
                .replaceAll("https?://\\S+", "(address)")
                .replaceAll("/services/\\S+", "(address)")
                .replaceAll("/bot\\d+:\\S+", "(address)");
        return line.substring(0, Math.min(LONGEST_TEXT, line.length()));
    }

    /** A failure as it may be stored and logged. */
    public static String safe(Throwable failure) {
        return safe(failure.getClass().getSimpleName() + ": " + failure.getMessage());
    }

    /** Whether the message is tried again. */
    public boolean isRetry() {
        return status == Status.RETRY;
    }

    /** Whether the message is given up. */
    public boolean isFailed() {
        return status == Status.FAILED;
    }

    /**
     * The wait before the next attempt: what the receiver asks for, else twice as long each time up to five minutes.
     */
    public Duration delay(int attempt) {
        if (!isRetry()) {
            return Duration.ZERO;
        }
        if (retryAfter != null) {
            return retryAfter;
        }
        Duration doubled = Duration.ofSeconds(1L << Math.min(attempt, 10));
        return doubled.compareTo(LONGEST_DELAY) < 0 ? doubled : LONGEST_DELAY;
    }
}
