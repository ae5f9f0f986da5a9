package serai.watch.type;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import serai.watch.rule.RuleException;

/** Features that ElastAlert does not have. */
class BeyondElastAlertTest {

    private static final int HOUR = 3_600;
    private static final int WEEK = 7 * 24 * HOUR;

    /** That restarts change nothing is shown by {@link RuleTypePropertyTest}; here there are too many steps. */
    private static ReplayedType weekly() throws RuleException {
        return ReplayedType.of(
                ReplayedType.rule(
                        "type: spike",
                        "spike_height: 2",
                        "spike_type: both",
                        "timeframe: {hours: 1}",
                        "reference_offset: {weeks: 1}",
                        "use_count_query: true"),
                false);
    }

    /** Busy at eight each day, quiet else: events in each ten minutes. */
    private static long usual(int second) {
        return second / HOUR % 24 == 8 ? 1_000 : 10;
    }

    @Test
    void aSpikeIsComparedWithTheSameHourOfTheWeekBefore() throws Exception {
        ReplayedType played = weekly();
        for (int second = 0; second <= WEEK + 24 * HOUR; second += 600) {
            played.count(second, usual(second)).time(second);
        }
        assertThat(played.matches())
                .as("every morning is like that of the week before")
                .isEmpty();
        for (int second = WEEK + 24 * HOUR + 600; second <= WEEK + 28 * HOUR; second += 600) {
            played.count(second, 300).time(second);
        }
        assertThat(played.matches()).isNotEmpty();
        assertThat(played.matches().get(0)).containsEntry("reference_count", 60L);
        assertThat(played.texts().get(0))
                .contains("7 days, 0:00:00 before that time, there were only 60 events within 1:00:00");
    }

    @Test
    void aSpikeWithAnOffsetMatchesOncePerTimeframe() throws Exception {
        ReplayedType played = weekly();
        for (int second = 0; second <= WEEK + 2 * HOUR; second += 600) {
            played.count(second, 10);
        }
        assertThat(played.matches()).isEmpty();
        for (int second = WEEK + 2 * HOUR + 600; second <= WEEK + 5 * HOUR; second += 600) {
            played.count(second, 100);
        }
        assertThat(played.matches()).hasSize(3);
    }

    @Test
    void anHourAsQuietAsTheWeekBeforeIsNoSpike() throws Exception {
        ReplayedType played = weekly();
        for (int second = 0; second <= WEEK + 4 * HOUR; second += 600) {
            played.count(second, 0).time(second);
        }
        assertThat(played.matches()).isEmpty();
    }

    @Test
    void aSpikeHasNoMatchBeforeTheWholeOffsetIsKnown() throws Exception {
        ReplayedType played = weekly();
        for (int second = 0; second < WEEK + HOUR; second += 600) {
            played.count(second, second < WEEK ? 10 : 1_000);
        }
        assertThat(played.matches()).isEmpty();
    }

    @Test
    void aWeekOfManyEventsNeedsLittleState() throws Exception {
        ReplayedType played = ReplayedType.of(
                ReplayedType.rule(
                        "type: spike",
                        "spike_height: 2",
                        "spike_type: both",
                        "timeframe: {hours: 1}",
                        "reference_offset: {weeks: 1}"),
                false);
        int step = 10;
        for (int second = 0; second <= WEEK + 2 * HOUR; second += step) {
            played.document(second);
        }
        assertThat(played.state().toString().length()).isLessThan(500_000);
        assertThat(played.matches()).isEmpty();
        for (int i = 1; i <= 3_000; i++) {
            played.document(WEEK + 2 * HOUR + i);
        }
        assertThat(played.matches()).hasSize(1);
        assertThat(((Number) played.matches().get(0).get("reference_count")).doubleValue())
                .isBetween(345.0, 375.0);
    }

    @Test
    void anExpectedKeyWithoutAnyEventMatches() throws Exception {
        ReplayedType played = ReplayedType.of(
                "type: flatline",
                "threshold: 1",
                "timeframe: {minutes: 5}",
                "query_key: host",
                "expected_keys: [web-1, web-2]");
        for (int second = 0; second <= 300; second += 60) {
            played.document(second, "host", "web-1").time(second);
        }
        assertThat(played.values("key")).containsExactly("web-2");
        assertThat(played.matches().get(0)).containsEntry("count", 0L);
    }

    @Test
    void aForgottenExpectedKeyIsExpectedAgain() throws Exception {
        ReplayedType played = ReplayedType.of(
                "type: flatline",
                "threshold: 1",
                "timeframe: {minutes: 5}",
                "query_key: host",
                "expected_keys: [web-1]",
                "forget_keys: true");
        IntStream.rangeClosed(0, 12).forEach(minute -> played.time(minute * 60));
        assertThat(played.values("@timestamp")).containsExactly("2024-03-01T12:05:00Z", "2024-03-01T12:11:00Z");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "query_key: host\nexpected_keys: web-1",
                "query_key: host\nexpected_keys: [[a]]",
                "expected_keys: [a]",
                "query_key: host\nuse_count_query: true\nexpected_keys: [a]"
            })
    void wrongExpectedKeysAreRefused(String lines) {
        assertThatThrownBy(() -> ReplayedType.rule("type: flatline", "threshold: 1", "timeframe: {minutes: 5}", lines))
                .isInstanceOfSatisfying(RuleException.class, e -> {
                    assertThat(e.field()).isEqualTo("expected_keys");
                    assertThat(e.line()).isNotNull();
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"{minutes: 59}", "{weeks: 60}", "weekly", "{}"})
    void aWrongReferenceOffsetIsRefused(String offset) {
        assertThatThrownBy(() -> ReplayedType.rule(
                        "type: spike",
                        "spike_height: 2",
                        "spike_type: up",
                        "timeframe: {hours: 1}",
                        "reference_offset: " + offset))
                .isInstanceOfSatisfying(
                        RuleException.class, e -> assertThat(e.field()).isEqualTo("reference_offset"));
    }

    @Test
    void keysWithoutEventsForTheLongestTimeAreForgotten() throws Exception {
        ReplayedType played = ReplayedType.of(
                ReplayedType.rule("type: frequency", "num_events: 2", "timeframe: {days: 1}", "query_key: user"),
                false);
        for (int i = 0; i < KeyMap.MOST + 10; i++) {
            played.document(i / 10.0, "user", "u" + i);
        }
        assertThat(played.state().at("/windows").size()).isLessThanOrEqualTo(KeyMap.MOST);
        played.document(6_000, "user", "u0").document(6_000, "user", "u" + KeyMap.MOST);
        assertThat(played.values("user")).containsExactly("u" + KeyMap.MOST);
    }

    @Test
    void aTypeReadsOnlyTheFieldsThatItNeeds() throws Exception {
        assertThat(ReplayedType.of("type: blacklist", "compare_key: user", "blacklist: [a]")
                        .type()
                        .fields())
                .containsExactly("user");
        assertThat(ReplayedType.of("type: new_term", "fields: [a, [b, c]]")
                        .type()
                        .fields())
                .containsExactly("a", "b", "c");
        assertThat(ReplayedType.of("type: frequency", "num_events: 1", "timeframe: {days: 1}")
                        .type()
                        .fields())
                .isEmpty();
        assertThat(ReplayedType.of("type: frequency", "num_events: 1", "timeframe: {days: 1}", "attach_related: true")
                        .type()
                        .fields())
                .isEqualTo(Set.of("*"));
        assertThat(ReplayedType.of("type: any").type().fields()).isEmpty();
    }
}
