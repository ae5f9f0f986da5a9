package serai.demo;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Metabase's accounts, sessions and throttling of logins: docs/reference/metabase.md, "Sessions". A login beyond the
 * limit is refused for 15 s x (attempts over the limit)^1.5 after the last attempt. A refused one counts as an attempt,
 * so repeated attempts lock the account for longer and longer.
 */
final class MetabaseLogins {

    private static final Duration LIFETIME = Duration.ofDays(14);
    private static final Duration MEMORY = Duration.ofHours(1);
    private static final int MOST_BY_USER = 10;
    private static final int MOST_BY_ADDRESS = 50;

    private final Map<String, String> passwords = new HashMap<>();
    private final Set<String> disabled = new HashSet<>();
    private final Map<String, Instant> sessions = new HashMap<>();
    private final Map<String, Deque<Instant>> attempts = new HashMap<>();
    private Clock clock = Clock.systemUTC();

    synchronized void user(String name, String password) {
        passwords.put(name, password);
    }

    synchronized void disable(String name) {
        disabled.add(name);
        sessions.clear();
    }

    synchronized void expire() {
        sessions.clear();
    }

    synchronized void clock(Clock other) {
        clock = other;
    }

    /** Counts attempts as of now. */
    synchronized void hammer(String name, int times) {
        for (int i = 0; i < times; i++) {
            remember(name);
        }
    }

    synchronized int attempts(String name) {
        return attempts.getOrDefault(name, new ArrayDeque<>()).size();
    }

    synchronized boolean knows(String session) {
        Instant since = sessions.get(session);
        return since != null && clock.instant().isBefore(since.plus(LIFETIME));
    }

    synchronized boolean logout(String session) {
        return sessions.remove(session) != null;
    }

    /** @return the new session's id */
    synchronized String login(String name, String password) {
        throttle("the address", MOST_BY_ADDRESS);
        throttle(name, MOST_BY_USER);
        if (!password.equals(passwords.get(name))) {
            throw MetabaseErrors.field(401, "password", "did not match stored password");
        }
        if (disabled.contains(name)) {
            throw MetabaseErrors.field(401, "_error", "Your account is disabled.");
        }
        attempts.getOrDefault(name, new ArrayDeque<>()).pollLast();
        attempts.getOrDefault("the address", new ArrayDeque<>()).pollLast();
        String session = UUID.randomUUID().toString();
        sessions.put(session, clock.instant());
        return session;
    }

    private void throttle(String key, int most) {
        Deque<Instant> earlier = attempts.computeIfAbsent(key, k -> new ArrayDeque<>());
        while (!earlier.isEmpty()
                && earlier.peekFirst().isBefore(clock.instant().minus(MEMORY))) {
            earlier.removeFirst();
        }
        int over = earlier.size() + 1 - most;
        Instant last = earlier.peekLast();
        remember(key);
        if (over > 0 && last != null) {
            Duration wait = Duration.between(clock.instant(), last.plusMillis((long) (15_000 * Math.pow(over, 1.5))));
            if (!wait.isNegative() && !wait.isZero()) {
                throw MetabaseErrors.field(
                        401,
                        "username",
                        "Too many attempts! You must wait " + Math.max(1, Math.round(wait.toMillis() / 1000.0))
                                + " seconds before trying again.");
            }
        }
    }

    private void remember(String key) {
        attempts.computeIfAbsent(key, k -> new ArrayDeque<>()).addLast(clock.instant());
    }
}
