package serai.demo;

import static serai.demo.ProductFacts.day;
import static serai.demo.ProductStar.earlier;
import static serai.demo.ProductStar.first;
import static serai.demo.ProductStar.in;
import static serai.demo.ProductStar.percentile;
import static serai.demo.ProductStar.row;
import static serai.demo.ProductStar.share;
import static serai.demo.ProductStar.week;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import serai.demo.ProductFacts.Account;
import serai.demo.ProductFacts.Invited;
import serai.demo.ProductFacts.Mailed;
import serai.demo.ProductFacts.Meeting;

/** Answers about what new people do first, and whom they bring. */
final class StarOnboarding {

    private static final long MINUTE = 60;
    private static final long HOUR = 3600;

    /** When a person made each step; null for those that they did not. */
    private record Steps(Account who, Instant met, Instant wrote, Instant shared, Instant activated) {}

    private final ProductStar star;
    private final List<Steps> people;

    StarOnboarding(ProductStar star) {
        this.star = star;
        this.people = star.customers().stream().map(this::steps).toList();
    }

    private Steps steps(Account who) {
        Instant shared = first(star.written(who).map(note -> note.sharedAt));
        return new Steps(
                who,
                first(star.held(who).map(meeting -> meeting.at)),
                first(star.written(who).map(note -> note.at)),
                shared,
                earlier(shared, secondWithNotes(who)));
    }

    private Instant secondWithNotes(Account who) {
        List<Meeting> noted = star.held(who)
                .filter(meeting -> !meeting.notes.isEmpty())
                .sorted(Comparator.comparing((Meeting m) -> m.at).thenComparing(m -> m.id))
                .toList();
        for (int i = 1; i < noted.size(); i++) {
            if (!noted.get(i).at.isAfter(noted.get(i - 1).at.plus(Duration.ofDays(7)))) {
                return noted.get(i).at;
            }
        }
        return null;
    }

    Map<String, List<String>> reports() {
        return Map.of(
                "rpt_activation_funnel", funnel(),
                "rpt_onboarding_steps", times(),
                "rpt_growth_overview", overview(),
                "rpt_email_effect", mailEffect(),
                "rpt_invitations", invitations(),
                "rpt_virality", virality());
    }

    private List<String> funnel() {
        Map<LocalDate, List<Steps>> weeks = people.stream()
                .collect(Collectors.groupingBy(p -> week(p.who().at()), TreeMap::new, Collectors.toList()));
        List<String> names = List.of("signed up", "held a meeting", "wrote a note", "shared a note");
        List<String> rows = new ArrayList<>();
        weeks.forEach((week, of) -> {
            for (int step = 0; step < names.size(); step++) {
                int made = step;
                List<Duration> lags = of.stream()
                        .map(p -> lag(p, made))
                        .filter(Objects::nonNull)
                        .toList();
                rows.add(row(
                        week,
                        step + 1,
                        names.get(step),
                        within(lags, 1),
                        within(lags, 7),
                        within(lags, 14),
                        in(percentile(lags.stream(), 0.5), MINUTE)));
            }
        });
        return rows;
    }

    /** How long after sign-up a person had made the first steps; null if they have not. */
    private static Duration lag(Steps person, int steps) {
        Instant last = person.who().at();
        List<Instant> times = new ArrayList<>();
        times.add(last);
        if (steps > 0) {
            times.add(person.met());
        }
        if (steps > 1) {
            times.add(person.wrote());
        }
        if (steps > 2) {
            times.add(person.shared());
        }
        if (times.contains(null)) {
            return null;
        }
        List<Instant> later = steps == 0 ? times : times.subList(1, times.size());
        return Duration.between(last, later.stream().max(Instant::compareTo).orElseThrow());
    }

    private static long within(List<Duration> lags, int days) {
        return lags.stream()
                .filter(lag -> lag.compareTo(Duration.ofDays(days)) <= 0)
                .count();
    }

    private List<String> times() {
        Map<String, Function<Steps, Instant>> steps = new LinkedHashMap<>();
        steps.put("first meeting", Steps::met);
        steps.put("first note", Steps::wrote);
        steps.put("first shared note", Steps::shared);
        steps.put(
                "first invitation",
                p -> first(star.facts.invitations().stream()
                        .filter(i -> i.by.equals(p.who().id()))
                        .map(i -> i.at)));
        steps.put("activated", Steps::activated);
        steps.put("paid", this::paid);
        List<String> rows = new ArrayList<>();
        steps.forEach((name, time) -> {
            List<Duration> lags = people.stream()
                    .filter(p -> time.apply(p) != null)
                    .map(p -> Duration.between(p.who().at(), time.apply(p)))
                    .toList();
            rows.add(row(
                    name,
                    lags.size(),
                    share(lags.size(), people.size()),
                    in(percentile(lags.stream(), 0.25), MINUTE),
                    in(percentile(lags.stream(), 0.5), MINUTE),
                    in(percentile(lags.stream(), 0.9), MINUTE)));
        });
        return rows;
    }

    private Instant paid(Steps person) {
        Instant first = first(star.facts.subscribed().stream()
                .filter(change -> change.team() == person.who().team() && change.revenue() > 0)
                .map(change -> change.at()));
        return first == null || first.isAfter(person.who().at())
                ? first
                : person.who().at();
    }

    private List<String> overview() {
        StarRevenue revenue = new StarRevenue(star);
        List<String> rows = new ArrayList<>();
        Object[] before = {null, null, null, null};
        LocalDate from = week(people.stream()
                .map(p -> day(p.who().at()))
                .min(LocalDate::compareTo)
                .orElseThrow());
        for (LocalDate week = from; !week.isAfter(star.today); week = week.plusDays(7)) {
            LocalDate of = week;
            LocalDate end = week.plusDays(6).isAfter(star.today) ? star.today : week.plusDays(6);
            Object[] now = {
                people.stream().filter(p -> week(p.who().at()).equals(of)).count(),
                people.stream()
                        .filter(p ->
                                p.activated() != null && week(p.activated()).equals(of))
                        .count(),
                StarActivity.in(star, week),
                revenue.payingCustomers(end)
            };
            rows.add(row(Stream.of(new Object[] {week}, now, before)
                    .flatMap(Stream::of)
                    .toArray()));
            before = now;
        }
        return rows;
    }

    private List<String> mailEffect() {
        Map<String, long[]> counts = new TreeMap<>();
        for (Steps person : people) {
            Optional<Mailed> first = star.facts.messages().stream()
                    .filter(m -> m.to.equals(person.who().id()) && m.deliveredAt != null)
                    .min(Comparator.comparing(m -> m.deliveredAt));
            Instant activated = person.activated();
            if (first.isPresent() && (activated == null || activated.isAfter(first.get().deliveredAt))) {
                Instant opened = first.get().openedAt;
                Instant from = opened == null ? first.get().deliveredAt : opened;
                boolean soon = activated != null
                        && !activated.isBefore(from)
                        && !activated.isAfter(from.plus(Duration.ofHours(72)));
                long[] count = counts.computeIfAbsent(opened == null ? "not opened" : "opened", who -> new long[2]);
                count[0]++;
                count[1] += soon ? 1 : 0;
            }
        }
        List<String> rows = new ArrayList<>();
        counts.forEach((who, n) ->
                rows.add(row(who, n[0], n[1], share(n[1], n[0]), wilson(n[1], n[0], -1), wilson(n[1], n[0], 1))));
        return rows;
    }

    /** An end of Wilson's interval of 95 %. */
    private static BigDecimal wilson(double of, double in, int side) {
        double z = 1.96;
        double p = of / in;
        double half = z * Math.sqrt(p * (1 - p) / in + z * z / (4 * in * in));
        return BigDecimal.valueOf((p + z * z / (2 * in) + side * half) / (1 + z * z / in))
                .setScale(4, RoundingMode.HALF_UP);
    }

    /** The rows of rpt_channel_performance; see {@link ProductStar#channels}. */
    List<String> channels(LocalDate last, Map<String, Long> sessions, Map<String, Long> spend, String currency) {
        Map<String, List<Steps>> came = people.stream()
                .filter(p -> day(p.who().at()).isAfter(last.minusDays(90))
                        && !day(p.who().at()).isAfter(last))
                .collect(Collectors.groupingBy(p -> p.who().channel()));
        Set<String> names = new TreeSet<>(came.keySet());
        names.addAll(sessions.keySet());
        names.addAll(spend.keySet());
        List<String> rows = new ArrayList<>();
        for (String name : names) {
            List<Steps> of = came.getOrDefault(name, List.of());
            Long spent = spend.get(name);
            long paid = of.stream().filter(p -> paid(p) != null).count();
            rows.add(row(
                    name,
                    spent,
                    spent == null ? null : currency,
                    0,
                    sessions.getOrDefault(name, 0L),
                    of.size(),
                    of.stream().filter(p -> p.activated() != null).count(),
                    paid,
                    spent == null ? null : share(spent, paid, 0)));
        }
        return rows;
    }

    private List<Invited> sent() {
        return star.facts.invitations().stream()
                .filter(i -> star.facts.isCustomer(i.by))
                .toList();
    }

    private List<String> invitations() {
        LocalDate last = star.facts.invitations().stream()
                .map(i -> day(i.at))
                .max(LocalDate::compareTo)
                .orElseThrow();
        List<Invited> recent = sent().stream()
                .filter(i -> day(i.at).isAfter(last.minusDays(90)))
                .toList();
        long accepted = recent.stream().filter(i -> i.acceptedAt != null).count();
        // nobody opens an invitation without accepting it
        return List.of(row(1, "sent", recent.size()), row(2, "opened", accepted), row(3, "accepted", accepted));
    }

    private List<String> virality() {
        Map<LocalDate, List<Invited>> weeks = sent().stream().collect(Collectors.groupingBy(i -> week(i.at)));
        List<String> rows = new ArrayList<>();
        weeks.forEach((week, of) -> {
            List<Duration> lags = of.stream()
                    .filter(i -> i.acceptedAt != null)
                    .map(i -> Duration.between(i.at, i.acceptedAt))
                    .toList();
            long active = StarActivity.in(star, week);
            rows.add(row(
                    week,
                    of.size(),
                    lags.size(),
                    active,
                    share(lags.size(), active),
                    in(percentile(lags.stream(), 0.5), HOUR)));
        });
        return rows;
    }
}
