package serai.demo;

import static serai.demo.ProductFacts.day;
import static serai.demo.ProductStar.row;
import static serai.demo.ProductStar.share;
import static serai.demo.ProductStar.week;

import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import serai.demo.ProductFacts.Account;

/** Answers about who is active, who comes back and who goes. */
final class StarActivity {

    private final ProductStar star;
    private final List<Account> customers;
    /** The weeks in which each was active. */
    private final Map<Account, TreeSet<LocalDate>> weeks = new HashMap<>();

    StarActivity(ProductStar star) {
        this.star = star;
        this.customers = star.customers();
        customers.forEach(account -> weeks.put(
                account,
                star.days(account).stream().map(ProductStar::week).collect(Collectors.toCollection(TreeSet::new))));
    }

    Map<String, List<String>> reports() {
        return Map.of(
                "rpt_active_users", activeUsers(),
                "rpt_retention_cohorts", retention(),
                "rpt_power_curve", powerCurve(),
                "rpt_growth_accounting", growth());
    }

    private List<String> activeUsers() {
        List<String> rows = new ArrayList<>();
        for (LocalDate day = star.first(); !day.isAfter(star.today); day = day.plusDays(1)) {
            LocalDate of = day;
            List<Account> there =
                    customers.stream().filter(a -> !day(a.at()).isAfter(of)).toList();
            long[] active = new long[3];
            int[] days = {1, 7, 28};
            for (int i = 0; i < days.length; i++) {
                int length = days[i];
                active[i] =
                        there.stream().filter(a -> star.isActive(a, of, length)).count();
            }
            if (!there.isEmpty()) {
                rows.add(row(day, active[0], active[1], active[2], share(active[0], active[2]), there.size()));
            }
        }
        return rows;
    }

    private List<String> retention() {
        Map<LocalDate, List<Account>> cohorts =
                customers.stream().collect(Collectors.groupingBy(a -> week(a.at()), TreeMap::new, Collectors.toList()));
        List<String> rows = new ArrayList<>();
        cohorts.forEach((cohort, people) -> {
            for (int no = 0; no <= ChronoUnit.DAYS.between(cohort, star.today) / 7; no++) {
                int age = no;
                boolean over = cohort.plusDays(6 + 7L * no + 6).isBefore(star.today);
                long back = people.stream()
                        .filter(a -> star.days(a).stream()
                                .anyMatch(day -> ChronoUnit.DAYS.between(day(a.at()), day) / 7 == age))
                        .count();
                rows.add(row(cohort, no, people.size(), over ? back : null, over ? share(back, people.size()) : null));
            }
        });
        return rows;
    }

    private List<String> powerCurve() {
        Map<Long, Long> people = customers.stream()
                .map(a -> star.days(a).stream()
                        .filter(day -> day.isAfter(star.today.minusDays(28)))
                        .count())
                .collect(Collectors.groupingBy(days -> days, Collectors.counting()));
        List<String> rows = new ArrayList<>();
        for (long days = 1; days <= 28; days++) {
            rows.add(row(days, people.getOrDefault(days, 0L)));
        }
        return rows;
    }

    private List<String> growth() {
        LocalDate first = weeks.values().stream()
                .filter(of -> !of.isEmpty())
                .map(TreeSet::first)
                .min(LocalDate::compareTo)
                .orElseThrow();
        List<String> rows = new ArrayList<>();
        for (LocalDate week = first; !week.isAfter(week(star.today)); week = week.plusDays(7)) {
            long[] counts = new long[5];
            for (TreeSet<LocalDate> of : weeks.values()) {
                boolean now = of.contains(week);
                boolean before = of.contains(week.minusDays(7));
                counts[0] += now ? 1 : 0;
                counts[1] += now && of.first().equals(week) ? 1 : 0;
                counts[2] += now && before ? 1 : 0;
                counts[3] += now && !before && of.first().isBefore(week) ? 1 : 0;
                counts[4] += before && !now ? 1 : 0;
            }
            rows.add(row(
                    week, counts[0], counts[1], counts[2], counts[3], -counts[4], counts[1] + counts[3] - counts[4]));
        }
        return rows;
    }

    /** Customers who were active in a week. */
    static long in(ProductStar star, LocalDate week) {
        return star.customers().stream()
                .map(star::days)
                .map(days -> days.stream().map(ProductStar::week).collect(Collectors.toSet()))
                .filter((Set<LocalDate> weeks) -> weeks.contains(week))
                .count();
    }
}
