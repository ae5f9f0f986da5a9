package serai.load.ga4;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;

/** The quotas of a property: docs/reference/google-analytics.md, "Quotas". */
enum Ga4Quota {
    TOKENS_PER_DAY("tokensPerDay", "tokens per day"),
    TOKENS_PER_HOUR("tokensPerHour", "tokens per hour"),
    TOKENS_PER_PROJECT_PER_HOUR("tokensPerProjectPerHour", "tokens per project and hour"),
    CONCURRENT_REQUESTS("concurrentRequests", "concurrent requests"),
    SERVER_ERRORS("serverErrorsPerProjectPerHour", "server errors per hour"),
    THRESHOLDED_REQUESTS("potentiallyThresholdedRequestsPerHour", "potentially thresholded requests per hour");

    /** The midnight of this zone ends the day of the quotas. */
    private static final ZoneId PACIFIC = ZoneId.of("America/Los_Angeles");

    private static final Duration HOUR = Duration.ofHours(1);

    private final String field;
    private final String text;

    Ga4Quota(String field, String text) {
        this.field = field;
        this.text = text;
    }

    /** Its name in {@code propertyQuota}. */
    String field() {
        return field;
    }

    /** Its name in messages. */
    String text() {
        return text;
    }

    /** Below this amount no request is sent, whatever is left to others: one request may meet three server errors. */
    long least() {
        return this == SERVER_ERRORS ? Ga4Client.TRIES : 0;
    }

    /**
     * The quota that a message of status 429 names. The message is the only sign of it. One that is not known counts as
     * that of the hour, which is tried again soonest.
     */
    static Ga4Quota named(String message) {
        if (message.contains("concurrent requests")) {
            return CONCURRENT_REQUESTS;
        }
        if (message.contains("potentially thresholded")) {
            return THRESHOLDED_REQUESTS;
        }
        if (message.contains("server errors")) {
            return SERVER_ERRORS;
        }
        if (message.contains("per day") || message.contains("24 hours")) {
            return TOKENS_PER_DAY;
        }
        return message.contains("for a project per hour") ? TOKENS_PER_PROJECT_PER_HOUR : TOKENS_PER_HOUR;
    }

    /** When it is filled again for sure. */
    Instant refilledAfter(Instant now) {
        if (this != TOKENS_PER_DAY) {
            return now.plus(HOUR);
        }
        ZonedDateTime midnight = now.atZone(PACIFIC).toLocalDate().plusDays(1).atStartOfDay(PACIFIC);
        return midnight.plusMinutes(1).toInstant();
    }
}
