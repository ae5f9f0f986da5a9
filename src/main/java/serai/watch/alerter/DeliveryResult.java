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
 * @param refused whether the receiver refused the message, or the login, as it is: it is tried again slowly, and the
 *     messages behind it do not wait for it
 */
public record DeliveryResult(
        Status status, String reason, Duration retryAfter, String reference, ObjectNode payload, boolean refused) {

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
    private static final Duration FIRST_DELAY_OF_REFUSED = Duration.ofMinutes(1);
    private static final Duration LONGEST_DELAY_OF_REFUSED = Duration.ofMinutes(15);
    private static final int LONGEST_TEXT = 100;

    /** The receiver has the message. */
    public static DeliveryResult sent() {
        return sent(null);
    }

    /** The receiver has the message, and returned a reference. */
    public static DeliveryResult sent(String reference) {
        return new DeliveryResult(Status.SENT, null, null, reference, null, false);
    }

    /** The message is given up: it can never be delivered. */
    public static DeliveryResult failed(String reason) {
        return new DeliveryResult(Status.FAILED, reason, null, null, null, false);
    }

    /** The receiver refuses the message as it is. It waits for somebody who repairs the reason, here or there. */
    public static DeliveryResult refused(String reason) {
        return new DeliveryResult(Status.RETRY, reason, null, null, null, true);
    }

    /** The message is tried again. */
    public static DeliveryResult retry(String reason) {
        return retry(reason, null);
    }

    /** The message is tried again after a wait; null for the usual one. */
    public static DeliveryResult retry(String reason, Duration wait) {
        return new DeliveryResult(Status.RETRY, reason, wait, null, null, false);
    }

    /** Another payload is tried after a second. */
    static DeliveryResult retryWith(ObjectNode payload, String reason) {
        return new DeliveryResult(Status.RETRY, reason, Duration.ofSeconds(1), null, payload, false);
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
     * The wait before the next attempt: what the receiver asks for, else twice as long each time up to five minutes;
     * for a message that was refused, up to a quarter of an hour.
     */
    public Duration delay(int attempt) {
        if (!isRetry()) {
            return Duration.ZERO;
        }
        if (retryAfter != null) {
            return retryAfter;
        }
        return refused
                ? doubled(FIRST_DELAY_OF_REFUSED, attempt - 1, LONGEST_DELAY_OF_REFUSED)
                : doubled(Duration.ofSeconds(1), attempt, LONGEST_DELAY);
    }

    private static Duration doubled(Duration first, int times, Duration longest) {
        Duration doubled = first.multipliedBy(1L << Math.max(0, Math.min(times, 10)));
        return doubled.compareTo(longest) < 0 ? doubled : longest;
    }
}
