package serai.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

/** The quotas of a standard property; all who use it share them. Tokens are not filled again. */
final class Ga4Quotas {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MAX_SERVER_ERRORS = 10;

    private final Deque<Instant> serverErrors = new ArrayDeque<>();
    private long day = 200_000;
    private long hour = 40_000;
    private long project = 14_000;

    /** Another tool has spent tokens. */
    synchronized void spend(long tokens) {
        day -= tokens;
        hour -= tokens;
        project -= tokens;
    }

    synchronized void serverError(Clock clock) {
        serverErrors.add(clock.instant());
    }

    /** @throws RequestRefusal when one is used up */
    synchronized void require(Clock clock) throws RequestRefusal {
        while (!serverErrors.isEmpty()
                && serverErrors.peek().isBefore(clock.instant().minus(Duration.ofHours(1)))) {
            serverErrors.remove();
        }
        if (serverErrors.size() >= MAX_SERVER_ERRORS) {
            throw Ga4Failure.SERVER_ERRORS.refusal();
        }
        if (project <= 0) {
            throw Ga4Failure.PROJECT_TOKENS.refusal();
        }
        if (hour <= 0) {
            throw Ga4Failure.HOUR_TOKENS.refusal();
        }
        if (day <= 0) {
            throw Ga4Failure.DAY_TOKENS.refusal();
        }
    }

    /** What is left after a request of this cost. */
    synchronized ObjectNode consume(long tokens) {
        spend(tokens);
        ObjectNode left = JSON.createObjectNode();
        put(left, "tokensPerDay", tokens, day);
        put(left, "tokensPerHour", tokens, hour);
        put(left, "concurrentRequests", 0, 10);
        put(left, "serverErrorsPerProjectPerHour", 0, (long) MAX_SERVER_ERRORS - serverErrors.size());
        put(left, "potentiallyThresholdedRequestsPerHour", 0, 120);
        put(left, "tokensPerProjectPerHour", tokens, project);
        return left;
    }

    private static void put(ObjectNode left, String name, long consumed, long remaining) {
        left.putObject(name).put("consumed", consumed).put("remaining", Math.max(0, remaining));
    }
}
