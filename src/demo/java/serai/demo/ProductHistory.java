package serai.demo;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import serai.demo.ProductEvents.Login;
import serai.demo.ProductEvents.User;
import serai.demo.ProductEvents.Visit;

/** Draws a product's life, day by day, from a seed; spec benchmarks 5.2. The same seed and days give the same life. */
final class ProductHistory {

    private static final String[] COUNTRIES = {"GB", "US", "DE", "FR", "NL", "JP", "IN", "BR", "PL", "NA", null};
    private static final String[] LOCALES = {
        "en-GB", "en-US", "de", "fr", "nl", "ja", "hi", "pt-BR", "pl", "en-NA", null
    };
    private static final String[] DOMAINS = {
        "gmail.com", "outlook.com", "acme.example", "kovács.example", "smith-jones.example", "株式会社.example"
    };
    private static final String[] DEVICES = {"desktop", "desktop", "desktop", "mobile", "mobile", "tablet"};
    private static final String[] PAGES = {
        "/", "/pricing", "/features/notes", "/ja/議事録", "/blog/better, shorter meetings", "/signup"
    };
    private static final String[] CAMPAIGNS = {null, "brand", "Frühling-2026", "say \"no\" to minutes", "webinar;march"
    };
    private static final Duration LATEST_LOGIN = Duration.ofDays(30);
    private static final Duration SETTLED = Duration.ofDays(3);

    private final SplittableRandom random;
    private final List<User> users = new ArrayList<>();
    private final List<Login> logins = new ArrayList<>();
    private final List<Visit> visits = new ArrayList<>();
    private final List<Boolean> active = new ArrayList<>();

    private ProductHistory(long seed) {
        random = new SplittableRandom(seed);
    }

    /** @param visitsADay about how many at the end; a twentieth of them sign up */
    static ProductEvents of(long seed, LocalDate from, LocalDate to, int visitsADay) {
        ProductHistory history = new ProductHistory(seed);
        long days = from.until(to, ChronoUnit.DAYS);
        for (int i = 0; i < days; i++) {
            history.day(from.plusDays(i), visitsADay * (0.4 + 0.6 * i / days));
        }
        history.logins.sort(Comparator.comparing(Login::at));
        history.visits.sort(Comparator.comparing(Visit::at));
        history.users.sort(Comparator.comparing(User::createdAt));
        return new ProductEvents(List.copyOf(history.users), List.copyOf(history.logins), List.copyOf(history.visits));
    }

    private void day(LocalDate day, double visitsExpected) {
        boolean weekend = day.getDayOfWeek() == DayOfWeek.SATURDAY || day.getDayOfWeek() == DayOfWeek.SUNDAY;
        for (int i = 0; i < users.size(); i++) {
            logins(day, users.get(i), i, weekend);
        }
        long count = Math.round(visitsExpected * (weekend ? 0.4 : 1) * (0.85 + 0.3 * random.nextDouble()));
        for (long i = 0; i < count; i++) {
            visit(day);
        }
    }

    /** Users are active or dormant for weeks at a time, so that retention looks as it does in life. */
    private void logins(LocalDate day, User user, int index, boolean weekend) {
        boolean now = random.nextDouble() < (active.get(index) ? 0.97 : 0.01);
        active.set(index, now);
        if (random.nextDouble() >= (now ? weekend ? 0.25 : 0.75 : 0.02)) {
            return;
        }
        do {
            Instant at = moment(day);
            logins.add(new Login(user, at, at.plus(loginDelay()), pick(DEVICES)));
        } while (random.nextDouble() < 0.4);
    }

    private Duration loginDelay() {
        if (random.nextDouble() >= 0.02) {
            return Duration.ofMillis(random.nextInt(3000));
        }
        Duration delay = Duration.ofSeconds((long) (-Math.log(1 - random.nextDouble()) * 40 * 3600));
        return delay.compareTo(LATEST_LOGIN) > 0 ? LATEST_LOGIN : delay;
    }

    private void visit(LocalDate day) {
        Instant at = moment(day);
        Instant settled =
                day.plusDays(1).atStartOfDay().toInstant(ZoneOffset.UTC).plus(SETTLED);
        double luck = random.nextDouble();
        Instant limit = luck < 0.85 ? at.plusSeconds(4 * 3600) : luck < 0.97 ? at.plusSeconds(24 * 3600) : settled;
        Instant knownAt = between(at, limit);
        boolean robot = random.nextDouble() < 0.01;
        Instant removedAt = robot ? between(knownAt, settled) : null;
        Origin origin = Origin.pick(random);
        int country = random.nextInt(COUNTRIES.length);
        boolean signup = !robot && random.nextDouble() < 0.05;
        boolean paid = origin.medium() != null
                && List.of("cpc", "ppc", "email", "affiliate").contains(origin.medium());
        visits.add(new Visit(
                random.nextInt(1_000_000),
                at,
                knownAt,
                removedAt,
                origin,
                paid ? pick(CAMPAIGNS) : null,
                pick(PAGES),
                COUNTRIES[country],
                pick(DEVICES),
                signup || random.nextDouble() < 0.55,
                signup));
        if (signup) {
            signUp(at, origin, country);
        }
    }

    private void signUp(Instant at, Origin origin, int country) {
        // some accounts are made by a nightly import, at midnight sharp
        Instant createdAt =
                random.nextDouble() < 0.02 ? at.truncatedTo(ChronoUnit.DAYS) : at.truncatedTo(ChronoUnit.SECONDS);
        Instant promotedAt =
                random.nextDouble() < 0.1 ? createdAt.plus(Duration.ofHours(1 + random.nextInt(60 * 24))) : null;
        double kind = random.nextDouble();
        users.add(new User(
                "u" + String.format("%06d", users.size() + 1),
                createdAt,
                COUNTRIES[country],
                LOCALES[country],
                pick(DOMAINS),
                promotedAt,
                kind < 0.03,
                kind > 0.98,
                origin));
        active.add(true);
    }

    private Instant moment(LocalDate day) {
        return day.atStartOfDay().toInstant(ZoneOffset.UTC).plusMillis(random.nextInt(86_400_000));
    }

    private Instant between(Instant from, Instant to) {
        return from.plusMillis(
                random.nextLong(Math.max(1, Duration.between(from, to).toMillis())));
    }

    private String pick(String[] values) {
        return values[random.nextInt(values.length)];
    }
}
