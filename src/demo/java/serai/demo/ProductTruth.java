package serai.demo;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import serai.demo.ProductEvents.Login;
import serai.demo.ProductEvents.User;
import serai.demo.ProductEvents.Visit;

/** The right answers at one moment, by counting events one at a time: no CSV, no SQL, no rule about channels. */
public final class ProductTruth {

    private final ProductEvents events;
    private final Instant now;
    private final Predicate<User> counted;

    ProductTruth(ProductEvents events, Instant now, Predicate<User> counted) {
        this.events = events;
        this.now = now;
        this.counted = counted;
    }

    /** @return user id to day to logins */
    public Map<String, Map<LocalDate, Long>> loginsPerUserDay(ZoneId zone) {
        Map<String, Map<LocalDate, Long>> answer = new TreeMap<>();
        for (Login login : events.logins()) {
            if (counts(login)) {
                answer.computeIfAbsent(login.user().id(), id -> new TreeMap<>()).merge(day(login, zone), 1L, Long::sum);
            }
        }
        return answer;
    }

    /** @return day to users who logged in on it */
    public Map<LocalDate, Long> activeUsersPerDay(ZoneId zone) {
        Map<LocalDate, Set<String>> users = new TreeMap<>();
        for (Login login : events.logins()) {
            if (counts(login)) {
                users.computeIfAbsent(day(login, zone), d -> new HashSet<>())
                        .add(login.user().id());
            }
        }
        Map<LocalDate, Long> answer = new TreeMap<>();
        users.forEach((day, ids) -> answer.put(day, (long) ids.size()));
        return answer;
    }

    /** @return country, {@code ""} if unknown, to users who had signed up */
    public Map<String, Long> usersPerCountry() {
        Map<String, Long> answer = new TreeMap<>();
        for (User user : events.users()) {
            if (counted.test(user) && !user.createdAt().isAfter(now)) {
                answer.merge(user.country() == null ? "" : user.country(), 1L, Long::sum);
            }
        }
        return answer;
    }

    /** @return country, {@code ""} if unknown, to logins */
    public Map<String, Long> loginsPerCountry() {
        Map<String, Long> answer = new TreeMap<>();
        for (Login login : events.logins()) {
            if (counts(login)) {
                answer.merge(login.user().country() == null ? "" : login.user().country(), 1L, Long::sum);
            }
        }
        return answer;
    }

    /** @return day to the channel that a visit was drawn for, to sessions */
    public Map<LocalDate, Map<String, Long>> sessionsPerChannelDay() {
        return visits(false);
    }

    /** @return day to channel to visits that ended in a sign-up */
    public Map<LocalDate, Map<String, Long>> signupsPerChannelDay() {
        return visits(true);
    }

    private Map<LocalDate, Map<String, Long>> visits(boolean signupsOnly) {
        Map<LocalDate, Map<String, Long>> answer = new TreeMap<>();
        for (Visit visit : events.visits()) {
            boolean removed = visit.removedAt() != null && now.compareTo(visit.removedAt()) >= 0;
            if (now.compareTo(visit.knownAt()) >= 0 && !removed && (visit.signup() || !signupsOnly)) {
                LocalDate day = visit.at().atZone(ZoneOffset.UTC).toLocalDate();
                answer.computeIfAbsent(day, d -> new TreeMap<>())
                        .merge(visit.origin().channel(), 1L, Long::sum);
            }
        }
        return answer;
    }

    private boolean counts(Login login) {
        return counted.test(login.user()) && now.compareTo(login.knownAt()) >= 0;
    }

    private static LocalDate day(Login login, ZoneId zone) {
        return login.at().atZone(zone).toLocalDate();
    }
}
