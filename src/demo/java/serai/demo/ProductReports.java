package serai.demo;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import serai.demo.ProductEvents.User;
import serai.demo.ProductEvents.Visit;

/** The product's three Metabase questions at one moment. {@code start} and {@code end} are UTC, half-open. */
public final class ProductReports {

    private final ProductEvents events;
    private final Instant now;

    ProductReports(ProductEvents events, Instant now) {
        this.events = events;
        this.now = now;
    }

    /** One row per user; {@code start} and {@code end} select by Created At, a timestamp without zone. */
    public CardReport users(Parameters parameters) {
        List<String> header = List.of(
                "User ID",
                "Created At",
                "Country",
                "Locale",
                "Email Domain",
                "Role",
                "Is Internal",
                "Is Test",
                "Source",
                "Medium");
        return CardReport.of(
                header,
                events.users().stream()
                        .filter(u -> !u.createdAt().isAfter(now) && parameters.contains(utc(u.createdAt())))
                        .map(this::user)
                        .iterator());
    }

    private List<Object> user(User u) {
        return Arrays.asList(
                u.id(),
                utc(u.createdAt()),
                u.country(),
                u.locale(),
                u.emailDomain(),
                u.roleAt(now),
                u.internal(),
                u.test(),
                u.origin().source(),
                u.origin().medium());
    }

    /** One row per login; {@code start} and {@code end} select by Login At, a timestamp with zone. */
    public CardReport logins(Parameters parameters) {
        return CardReport.of(
                List.of("Login At", "User ID", "Device"),
                events.logins().stream()
                        .filter(l -> !l.knownAt().isAfter(now) && parameters.contains(utc(l.at())))
                        .map(l -> Arrays.<Object>asList(l.at(), l.user().id(), l.device()))
                        .iterator());
    }

    /** One row per day and every attribute of a visit; {@code start} and {@code end} select by Session Date. */
    public CardReport webSessions(Parameters parameters) {
        List<String> header = List.of(
                "Session Date",
                "Source",
                "Medium",
                "Campaign",
                "Landing Page",
                "Country",
                "Device",
                "Sessions",
                "Users",
                "Engaged",
                "Signups");
        Map<List<Object>, Cell> cells = new LinkedHashMap<>();
        for (Visit v : events.visits()) {
            LocalDate day = utc(v.at()).toLocalDate();
            if (v.shownAt(now) && parameters.contains(day.atStartOfDay())) {
                List<Object> key = Arrays.asList(
                        day,
                        v.origin().source(),
                        v.origin().medium(),
                        v.campaign(),
                        v.landingPage(),
                        v.country(),
                        v.device());
                cells.computeIfAbsent(key, k -> new Cell()).add(v);
            }
        }
        return CardReport.of(
                header,
                cells.entrySet().stream().map(e -> e.getValue().row(e.getKey())).iterator());
    }

    /** The web sessions of a day as Google Analytics has them. */
    List<Ga4Row> webSessions(LocalDate day) {
        Parameters parameters = new Parameters(Map.of(
                "start", List.of(day.toString()), "end", List.of(day.plusDays(1).toString())));
        List<Ga4Row> rows = new ArrayList<>();
        webSessions(parameters).rows().forEachRemaining(row -> rows.add(visits(row)));
        return rows;
    }

    private static Ga4Row visits(List<?> row) {
        List<String> names = List.of(
                "sessionSource", "sessionMedium", "sessionCampaignName", "landingPage", "country", "deviceCategory");
        Map<String, String> dimensions = new HashMap<>();
        for (int i = 0; i < names.size(); i++) {
            dimensions.put(names.get(i), Objects.toString(row.get(i + 1), ""));
        }
        return new Ga4Row(
                (LocalDate) row.get(0),
                dimensions,
                Map.of(
                        "sessions", (Number) row.get(7),
                        "totalUsers", (Number) row.get(8),
                        "engagedSessions", (Number) row.get(9),
                        "keyEvents", (Number) row.get(10)));
    }

    private static LocalDateTime utc(Instant at) {
        return LocalDateTime.ofInstant(at, ZoneOffset.UTC);
    }

    private static final class Cell {
        private final Set<Integer> visitors = new HashSet<>();
        private final Map<String, Long> counts = new HashMap<>();

        void add(Visit v) {
            visitors.add(v.visitor());
            counts.merge("sessions", 1L, Long::sum);
            counts.merge("engaged", v.engaged() ? 1L : 0L, Long::sum);
            counts.merge("signups", v.signup() ? 1L : 0L, Long::sum);
        }

        List<Object> row(List<Object> key) {
            List<Object> row = new ArrayList<>(key);
            row.addAll(List.of(counts.get("sessions"), visitors.size(), counts.get("engaged"), counts.get("signups")));
            return row;
        }
    }
}
