package serai.demo;

import static serai.demo.ProductFacts.day;
import static serai.demo.ProductStar.row;
import static serai.demo.ProductStar.share;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import serai.demo.ProductFacts.Account;
import serai.demo.ProductFacts.Subscribed;
import serai.demo.ProductFacts.Team;

/** Answers about teams and what they pay. */
final class StarRevenue {

    private final ProductStar star;

    StarRevenue(ProductStar star) {
        this.star = star;
    }

    Map<String, List<String>> reports() {
        return Map.of(
                "rpt_mrr_movements", movements(),
                "rpt_revenue_cohorts", cohorts(),
                "rpt_team_health", health());
    }

    private static LocalDate month(Instant at) {
        return day(at).withDayOfMonth(1);
    }

    private static Instant end(LocalDate day) {
        return day.plusDays(1).atStartOfDay().toInstant(ZoneOffset.UTC);
    }

    private List<Subscribed> changes(Team team) {
        return star.facts.subscribed().stream()
                .filter(change -> change.team() == team.id())
                .toList();
    }

    /** What a team paid a month at the end of a day. */
    private long revenue(Team team, LocalDate day) {
        return changes(team).stream()
                .filter(change -> change.at().isBefore(end(day)))
                .mapToLong(Subscribed::revenue)
                .sum();
    }

    /** Teams of customers that pay at the end of a day. */
    long payingCustomers(LocalDate day) {
        return star.facts.teams().values().stream()
                .filter(team -> team.customer() && revenue(team, day) > 0)
                .count();
    }

    private List<String> movements() {
        List<String> rows = new ArrayList<>();
        for (String currency : List.of("EUR", "GBP", "USD")) {
            List<Subscribed> changes = star.facts.subscribed().stream()
                    .filter(change ->
                            star.facts.teams().get(change.team()).currency().equals(currency))
                    .toList();
            LocalDate present = star.today.withDayOfMonth(1);
            LocalDate first = changes.stream()
                    .map(change -> month(change.at()))
                    .min(LocalDate::compareTo)
                    .orElse(present.plusMonths(1));
            long opening = 0;
            for (LocalDate month = first; !month.isAfter(present); month = month.plusMonths(1)) {
                LocalDate of = month;
                List<Subscribed> moves = changes.stream()
                        .filter(change -> month(change.at()).equals(of))
                        .toList();
                if (!moves.isEmpty() || month.isBefore(present)) {
                    long closing = opening + sum(moves, null);
                    rows.add(movement(month, currency, opening, moves, closing));
                    opening = closing;
                }
            }
        }
        return rows;
    }

    private static String movement(
            LocalDate month, String currency, long opening, List<Subscribed> moves, long closing) {
        long came = sum(moves, "new") + sum(moves, "expand") + sum(moves, "reactivate");
        long went = -sum(moves, "contract") - sum(moves, "churn");
        return row(
                month,
                currency,
                opening,
                sum(moves, "new"),
                sum(moves, "expand"),
                sum(moves, "reactivate"),
                sum(moves, "contract"),
                sum(moves, "churn"),
                came - went,
                0,
                closing,
                share(came, went, 2));
    }

    /** @param kind or null for all */
    private static long sum(List<Subscribed> moves, String kind) {
        return moves.stream()
                .filter(move -> kind == null || move.kind().equals(kind))
                .mapToLong(Subscribed::revenue)
                .sum();
    }

    private List<String> cohorts() {
        LocalDate last = star.today.withDayOfMonth(1).minusMonths(1);
        Map<String, long[]> cells = new TreeMap<>();
        for (Team team : star.facts.teams().values()) {
            LocalDate cohort = null;
            long begun = 0;
            for (LocalDate month = month(team.at()); !month.isAfter(last); month = month.plusMonths(1)) {
                long revenue = revenue(team, month.plusMonths(1).minusDays(1));
                if (cohort == null && revenue > 0) {
                    cohort = month;
                    begun = revenue;
                }
                if (cohort != null) {
                    long[] cell = cells.computeIfAbsent(
                            row(cohort, team.currency(), ChronoUnit.MONTHS.between(cohort, month)), key -> new long[4]);
                    cell[0]++;
                    cell[1] += begun;
                    cell[2] += revenue;
                    cell[3] += Math.min(revenue, begun);
                }
            }
        }
        List<String> rows = new ArrayList<>();
        cells.forEach(
                (key, cell) -> rows.add(row(key, cell[0], cell[1], share(cell[2], cell[1]), share(cell[3], cell[1]))));
        return rows;
    }

    private List<String> health() {
        List<String> rows = new ArrayList<>();
        for (Team team : star.facts.teams().values()) {
            List<Subscribed> changes = changes(team);
            String plan = changes.get(changes.size() - 1).plan();
            if (team.customer() && plan != null) {
                rows.add(health(team, ProductPlan.valueOf(plan.toUpperCase(Locale.ROOT)), changes));
            }
        }
        return rows;
    }

    private String health(Team team, ProductPlan plan, List<Subscribed> changes) {
        List<Account> members = star.facts.accounts().values().stream()
                .filter(account -> account.team() == team.id())
                .toList();
        long seats = changes.stream().mapToLong(Subscribed::seats).sum();
        long active = members.stream()
                .filter(account -> star.isActive(account, star.today, 28))
                .count();
        LocalDate then = star.today.minusDays(28);
        long earlier = members.stream()
                .filter(account -> !day(account.at()).isAfter(then) && star.isActive(account, then, 28))
                .count();
        LocalDate last = members.stream()
                .flatMap(account -> star.days(account).stream())
                .filter(Objects::nonNull)
                .max(LocalDate::compareTo)
                .orElse(null);
        boolean full = 10 * members.size() > 8 * seats;
        String finding = earlier > 0 && 2 * active <= earlier ? "at risk" : full ? "expand" : "steady";
        return row(
                team.id(),
                team.id(),
                plan.title(),
                seats,
                members.size(),
                share(members.size(), seats),
                active,
                active - earlier,
                last,
                finding);
    }
}
