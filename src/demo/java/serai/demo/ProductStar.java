package serai.demo;

import static serai.demo.ProductFacts.day;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.TemporalAdjusters;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import serai.demo.ProductFacts.Account;
import serai.demo.ProductFacts.Meeting;
import serai.demo.ProductFacts.Note;

/**
 * The right answers of the reports about the product's database, counted one thing at a time from what happened. A row
 * is the text of its values with | between them, in the order of the report's columns.
 */
public final class ProductStar {

    /** How long rows of a user's days are kept. */
    private static final int KEPT_DAYS = 400;

    final ProductFacts facts;
    final LocalDate today;
    /** The days on which each person did something. */
    private final Map<String, TreeSet<LocalDate>> activity = new HashMap<>();

    ProductStar(ProductFacts facts, Instant now) {
        this.facts = facts;
        this.today = day(now);
        for (Meeting meeting : facts.meetings()) {
            active(meeting.host, meeting.at);
            meeting.notes.values().forEach(note -> active(note.author, note.at));
        }
    }

    private void active(String who, Instant at) {
        activity.computeIfAbsent(who, id -> new TreeSet<>()).add(day(at));
    }

    /** Report to its rows, in no order. */
    public Map<String, List<String>> reports() {
        Map<String, List<String>> reports = new TreeMap<>();
        reports.putAll(new StarActivity(this).reports());
        reports.putAll(new StarOnboarding(this).reports());
        reports.putAll(new StarUse(this).reports());
        reports.putAll(new StarRevenue(this).reports());
        return reports;
    }

    /**
     * The rows of the report of channels, which also needs what the product does not know.
     *
     * @param last the last day with web sessions
     * @param sessions of the 90 days up to it, by channel
     * @param spend of these days, by channel, in the smallest unit of the currency
     */
    public List<String> channels(LocalDate last, Map<String, Long> sessions, Map<String, Long> spend, String currency) {
        return new StarOnboarding(this).channels(last, sessions, spend, currency);
    }

    List<Account> customers() {
        return facts.accounts().values().stream().filter(Account::customer).toList();
    }

    /** The first day of which there are rows. */
    LocalDate first() {
        LocalDate first = facts.accounts().values().stream()
                .map(account -> day(account.at()))
                .min(LocalDate::compareTo)
                .orElse(today);
        LocalDate kept = today.minusDays(KEPT_DAYS - 1);
        return first.isBefore(kept) ? kept : first;
    }

    /** The days since sign-up on which a person did something. */
    Collection<LocalDate> days(Account account) {
        return activity.getOrDefault(account.id(), new TreeSet<>())
                .tailSet(day(account.at()).isBefore(first()) ? first() : day(account.at()), true);
    }

    /** Whether a person did something on one of so many days up to a day. */
    boolean isActive(Account account, LocalDate day, int days) {
        TreeSet<LocalDate> active = activity.get(account.id());
        LocalDate last = active == null ? null : active.floor(day);
        return last != null && last.isAfter(day.minusDays(days));
    }

    Stream<Meeting> held(Account account) {
        return facts.meetings().stream().filter(meeting -> meeting.host.equals(account.id()));
    }

    Stream<Note> written(Account account) {
        return facts.notes().stream().filter(note -> note.author.equals(account.id()));
    }

    /** Monday of a day's week. */
    static LocalDate week(LocalDate day) {
        return day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
    }

    static LocalDate week(Instant at) {
        return week(day(at));
    }

    static String row(Object... values) {
        return Stream.of(values).map(String::valueOf).collect(Collectors.joining("|"));
    }

    /** A quotient as PostgreSQL rounds it; null without a divisor. */
    static BigDecimal share(long of, long in, int digits) {
        return in == 0 ? null : BigDecimal.valueOf(of).divide(BigDecimal.valueOf(in), digits, RoundingMode.HALF_UP);
    }

    static BigDecimal share(long of, long in) {
        return share(of, in, 4);
    }

    /** The first value that at least this share of the values does not exceed; null without values. */
    static <T extends Comparable<T>> T percentile(Stream<T> values, double share) {
        List<T> sorted = values.filter(Objects::nonNull).sorted().toList();
        return sorted.isEmpty() ? null : sorted.get(Math.max(0, (int) Math.ceil(share * sorted.size()) - 1));
    }

    static Long in(Duration duration, long seconds) {
        return duration == null ? null : Math.floorDiv(duration.getSeconds(), seconds);
    }

    static Instant earlier(Instant a, Instant b) {
        return a == null ? b : b == null || a.isBefore(b) ? a : b;
    }

    static Instant first(Stream<Instant> times) {
        return times.filter(Objects::nonNull).min(Instant::compareTo).orElse(null);
    }
}
