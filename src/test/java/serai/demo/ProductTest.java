package serai.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ProductTest {

    private static final LocalDate ANCHOR = LocalDate.of(2026, 3, 30);
    private static final Instant NOON = Instant.parse("2026-03-30T12:00:00Z");

    private final Product product = Product.of(7, ANCHOR);

    @Test
    void theProductIsTheSameForTheSameSeedAndAnchor() {
        Product again = Product.of(7, ANCHOR);
        Product other = Product.of(8, ANCHOR);
        assertThat(rows(again.at(NOON).logins(Parameters.NONE)))
                .isEqualTo(rows(product.at(NOON).logins(Parameters.NONE)))
                .hasSizeGreaterThan(10_000)
                .isNotEqualTo(rows(other.at(NOON).logins(Parameters.NONE)));
        assertThat(rows(again.at(NOON).users(Parameters.NONE)))
                .isEqualTo(rows(product.at(NOON).users(Parameters.NONE)));
        assertThat(rows(again.at(NOON).webSessions(Parameters.NONE)))
                .isEqualTo(rows(product.at(NOON).webSessions(Parameters.NONE)));
    }

    @Test
    void reportsAgreeWithTheTruth() {
        ProductTruth truth = product.truthAt(NOON);
        Map<String, Map<LocalDate, Long>> logins = new TreeMap<>();
        for (List<?> row : rows(product.at(NOON).logins(Parameters.NONE))) {
            logins.computeIfAbsent((String) row.get(1), k -> new TreeMap<>())
                    .merge(((Instant) row.get(0)).atOffset(ZoneOffset.UTC).toLocalDate(), 1L, Long::sum);
        }
        assertThat(truth.loginsPerUserDay(ZoneOffset.UTC)).isEqualTo(logins);
        assertThat(truth.activeUsersPerDay(ZoneOffset.UTC).values().stream()
                        .mapToLong(n -> n)
                        .sum())
                .isEqualTo(logins.values().stream().mapToLong(Map::size).sum());
        Map<LocalDate, Long> sessions = new TreeMap<>();
        rows(product.at(NOON).webSessions(Parameters.NONE))
                .forEach(r -> sessions.merge((LocalDate) r.get(0), (Long) r.get(7), Long::sum));
        Map<LocalDate, Long> expected = new TreeMap<>();
        truth.sessionsPerChannelDay()
                .forEach((day, channels) -> expected.put(
                        day, channels.values().stream().mapToLong(n -> n).sum()));
        assertThat(expected).isEqualTo(sessions);
        assertThat(truth.usersPerCountry().values().stream().mapToLong(n -> n).sum())
                .isEqualTo(rows(product.at(NOON).users(Parameters.NONE)).size());
        assertThat(product.customerTruthAt(NOON).usersPerCountry().get("GB"))
                .isLessThan(truth.usersPerCountry().get("GB"));
    }

    @Test
    void lateLoginsAppearLater() {
        Instant night = ANCHOR.atStartOfDay().toInstant(ZoneOffset.UTC);
        Parameters before = between(null, "2026-03-30");
        int atMidnight = rows(product.at(night).logins(before)).size();
        int atLast =
                rows(product.at(night.plus(Duration.ofDays(31))).logins(before)).size();
        int aWeekOld =
                rows(product.at(night.plus(Duration.ofDays(7))).logins(before)).size();
        assertThat(aWeekOld).isGreaterThan(atMidnight);
        assertThat(atLast).isGreaterThan(atMidnight);
        long late = lateShare();
        assertThat(late).isBetween(10L, 30L);
    }

    /** @return logins in a thousand that become known later than a minute after */
    private long lateShare() {
        Map<String, Long> known = new HashMap<>();
        long all = 0;
        Parameters day = between("2026-03-23", "2026-03-30");
        for (List<?> row : rows(product.at(NOON.plus(Duration.ofDays(33))).logins(day))) {
            Instant at = (Instant) row.get(0);
            String hour = LocalDateTime.ofInstant(at, ZoneOffset.UTC)
                    .withMinute(0)
                    .withSecond(0)
                    .withNano(0)
                    .toString();
            known.computeIfAbsent(hour, h -> {
                LocalDateTime start = LocalDateTime.parse(h);
                Instant end = start.plusHours(1).toInstant(ZoneOffset.UTC);
                return (long) rows(product.at(end.plusSeconds(60))
                                .logins(between(h, start.plusHours(1).toString())))
                        .size();
            });
            all++;
        }
        long late = all - known.values().stream().mapToLong(n -> n).sum();
        return 1000 * late / all;
    }

    @Test
    void sessionsAreRestatedForThreeDaysAndNotLonger() {
        Instant settled = ANCHOR.plusDays(4).atStartOfDay().toInstant(ZoneOffset.UTC);
        Parameters day = between("2026-03-30", "2026-03-31");
        List<List<?>> final_ = rows(product.at(settled).webSessions(day));
        assertThat(rows(product.at(settled.plus(Duration.ofDays(20))).webSessions(day)))
                .isEqualTo(final_);
        assertThat(rows(product.at(settled.minus(Duration.ofDays(3))).webSessions(day)))
                .isNotEqualTo(final_);
        assertThat(rows(product.at(settled.minus(Duration.ofDays(2))).webSessions(day)))
                .isNotEqualTo(final_);
    }

    @Test
    void reportsHoldTheValuesThatAreHardToRead() {
        List<List<?>> users = rows(product.at(NOON).users(Parameters.NONE));
        List<List<?>> sessions = rows(product.at(NOON).webSessions(Parameters.NONE));
        List<String> texts = sessions.stream()
                .flatMap(List::stream)
                .filter(String.class::isInstance)
                .map(String.class::cast)
                .distinct()
                .toList();
        assertThat(users)
                .anyMatch(r -> r.get(2) == null)
                .anyMatch(r -> "NA".equals(r.get(2)))
                .anyMatch(r -> "admin".equals(r.get(5)));
        assertThat(users).anyMatch(r -> ((LocalDateTime) r.get(1)).toLocalTime().toSecondOfDay() == 0);
        assertThat(texts)
                .anyMatch(t -> t.contains("議"))
                .anyMatch(t -> t.contains(","))
                .anyMatch(t -> t.contains("\""))
                .anyMatch(t -> t.contains(";"));
        assertThat(sessions.stream().map(r -> r.subList(0, 7)).distinct()).hasSameSizeAs(sessions);
        assertThat(sessions)
                .allMatch(
                        r -> (Long) r.get(7) >= ((Integer) r.get(8)).longValue() && (Long) r.get(7) >= (Long) r.get(9));
    }

    @Test
    void everyChannelFollowsFromSourceAndMedium() {
        Map<String, List<String>> channels = Origin.ALL.stream()
                .collect(Collectors.groupingBy(
                        o -> o.source() + " / " + o.medium(),
                        Collectors.mapping(Origin::channel, Collectors.toList())));
        assertThat(channels.values()).allMatch(c -> c.size() == 1);
        assertThat(product.truthAt(NOON).sessionsPerChannelDay().values().stream()
                        .flatMap(m -> m.keySet().stream())
                        .distinct())
                .containsExactlyInAnyOrder(
                        "organic search",
                        "paid search",
                        "direct",
                        "referral",
                        "e-mail",
                        "social",
                        "affiliate",
                        "in-product invite",
                        "unknown");
    }

    @Test
    void errorsAreLoggedInBursts() {
        ProductLogs logs = new ProductLogs(7);
        Instant midnight = Instant.parse("2026-03-30T00:00:00Z");
        Map<String, List<Map<String, Object>>> documents =
                logs.documents(midnight.minusSeconds(90), midnight.plusSeconds(90));
        assertThat(documents).containsOnlyKeys("product-logs-2026.03.29", "product-logs-2026.03.30");
        List<Map<String, Object>> errors = documents.values().stream()
                .flatMap(List::stream)
                .filter(d -> d.get("level").equals("ERROR"))
                .toList();
        assertThat(errors.stream().filter(d -> d.get("@timestamp").toString().compareTo("2026-03-30T00:00") >= 0))
                .hasSizeGreaterThan(30);
        assertThat(errors.stream().filter(d -> d.get("@timestamp").toString().compareTo("2026-03-30T00:00") < 0))
                .hasSizeLessThan(15);
        assertThat(errors.stream().filter(d -> d.get("host").equals("notes-2"))).hasSizeGreaterThan(30);
        assertThat(documents.values().stream()
                        .flatMap(List::stream)
                        .filter(d -> "payment_failed".equals(d.get("event"))))
                .hasSize(4);
        assertThat(logs.documents(midnight.minusSeconds(90), midnight.plusSeconds(90)))
                .isEqualTo(documents);
        assertThat(documents.values().stream()
                        .flatMap(List::stream)
                        .map(d -> d.get("_id"))
                        .filter(Objects::nonNull))
                .doesNotHaveDuplicates();
    }

    private static Parameters between(String start, String end) {
        Map<String, List<String>> values = new HashMap<>();
        if (start != null) {
            values.put("start", List.of(start));
        }
        values.put("end", List.of(end));
        return new Parameters(values);
    }

    private static List<List<?>> rows(CardReport report) {
        List<List<?>> rows = new ArrayList<>();
        report.rows().forEachRemaining(rows::add);
        return rows;
    }
}
