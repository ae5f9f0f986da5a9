package serai.demo;

import static serai.demo.ProductFacts.day;
import static serai.demo.ProductStar.percentile;
import static serai.demo.ProductStar.row;
import static serai.demo.ProductStar.share;
import static serai.demo.ProductStar.week;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import serai.demo.ProductFacts.Mailed;
import serai.demo.ProductFacts.Meeting;

/** Answers about features, meetings and e-mails. */
final class StarUse {

    private static final Map<String, String> FEATURES = Map.of(
            "meeting", "meetings",
            "meeting from calendar", "meetings",
            "meeting from video call", "meetings",
            "note", "notes",
            "shared note", "notes",
            "invitation", "teams");

    private static final class Use {
        private final Set<String> users = new HashSet<>();
        private long uses;
    }

    private final ProductStar star;

    StarUse(ProductStar star) {
        this.star = star;
    }

    Map<String, List<String>> reports() {
        return Map.of(
                "rpt_feature_adoption", features(),
                "rpt_meetings_notes", meetings(),
                "rpt_email_engagement", mails());
    }

    private List<String> features() {
        Map<String, Use> used = new LinkedHashMap<>();
        FEATURES.keySet().forEach(feature -> used.put(feature, new Use()));
        for (Meeting meeting : star.facts.meetings()) {
            use(used, "meeting", meeting.host, meeting.at);
            if ("google_calendar".equals(meeting.integration)) {
                use(used, "meeting from calendar", meeting.host, meeting.at);
            } else if (meeting.integration != null) {
                use(used, "meeting from video call", meeting.host, meeting.at);
            }
        }
        star.facts.notes().forEach(note -> {
            use(used, "note", note.author, note.at);
            use(used, "shared note", note.author, note.sharedAt);
        });
        star.facts.invitations().forEach(i -> use(used, "invitation", i.by, i.at));
        long active = star.customers().stream()
                .filter(a -> star.isActive(a, star.today, 28))
                .count();
        List<String> rows = new ArrayList<>();
        used.forEach((feature, use) -> rows.add(row(
                feature,
                FEATURES.get(feature),
                use.users.size(),
                use.uses,
                share(use.users.size(), active),
                share(use.uses, use.users.size(), 2))));
        return rows;
    }

    private void use(Map<String, Use> used, String feature, String who, Instant at) {
        if (at != null && day(at).isAfter(star.today.minusDays(28)) && star.facts.isCustomer(who)) {
            used.get(feature).users.add(who);
            used.get(feature).uses++;
        }
    }

    private List<String> meetings() {
        Map<LocalDate, List<Meeting>> weeks = star.facts.meetings().stream()
                .filter(meeting -> star.facts.isCustomer(meeting.host))
                .collect(Collectors.groupingBy(meeting -> week(meeting.at)));
        List<String> rows = new ArrayList<>();
        weeks.forEach((week, of) -> {
            long teams = of.stream().map(meeting -> meeting.team).distinct().count();
            List<Long> latencies = of.stream().flatMap(StarUse::latency).toList();
            rows.add(row(
                    week,
                    of.size(),
                    teams,
                    share(of.size(), teams, 2),
                    share(latencies.size(), of.size()),
                    percentile(latencies.stream(), 0.5),
                    percentile(latencies.stream(), 0.95)));
        });
        return rows;
    }

    private static Stream<Long> latency(Meeting meeting) {
        return meeting.notes.values().stream()
                .map(note -> note.at)
                .min(Instant::compareTo)
                .map(first -> Duration.between(meeting.at, first).getSeconds())
                .stream();
    }

    private List<String> mails() {
        LocalDate last = star.facts.messages().stream()
                .map(message -> day(message.at))
                .max(LocalDate::compareTo)
                .orElseThrow();
        Map<String, List<Mailed>> templates = star.facts.messages().stream()
                .filter(message -> day(message.at).isAfter(last.minusDays(90)) && star.facts.isCustomer(message.to))
                .collect(Collectors.groupingBy(message -> message.template));
        List<String> rows = new ArrayList<>();
        templates.forEach((template, of) -> {
            long bounced = of.stream().filter(message -> message.bounced).count();
            long delivered = of.size() - bounced;
            rows.add(row(
                    template,
                    of.size(),
                    delivered,
                    share(
                            of.stream()
                                    .filter(message -> message.openedAt != null)
                                    .count(),
                            delivered),
                    share(of.stream().filter(message -> message.clicked).count(), delivered),
                    share(bounced, of.size())));
        });
        return rows;
    }
}
