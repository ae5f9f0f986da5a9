package serai.watch.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RuleScheduleTest {

    private static final Instant T0 = Instant.parse("2024-03-01T12:00:00Z");
    private final RuleSchedule schedule = new RuleSchedule();

    private static RunningRule rule(String name, String every) {
        return TestRules.running(name, "run_every: {seconds: " + every + "}");
    }

    /** However long runs take and however late they begin, each due time is a run or merged into one. */
    @Property(tries = 200)
    void noRunThatWasDueIsLost(@ForAll @IntRange(min = 0, max = 1_000_000) int seed) {
        Random random = new Random(seed);
        RunningRule rule = rule("r" + seed, "10");
        RuleSchedule some = new RuleSchedule();
        some.add(List.of(rule), T0);
        Instant now = T0;
        int runs = 0;
        int merged = 0;
        while (now.isBefore(T0.plusSeconds(600))) {
            RuleSchedule.Start start = some.take(now);
            now = now.plusMillis(random.nextInt(25_000));
            if (start != null) {
                runs++;
                merged += start.merged();
                assertThat(start.lag().isNegative()).isFalse();
                some.putBack(rule, false, now);
            }
        }
        // the first run is not at a due time of the interval
        long dueTimes =
                Duration.between(RuleSchedule.next(rule, T0), rule.due()).toSeconds() / 10;
        assertThat(runs + merged).isEqualTo((int) dueTimes + 1);
    }

    @Test
    void aRunThatTakesTooLongIsFollowedByOneForAllDueTimes() {
        RunningRule rule = rule("slow", "10");
        schedule.add(List.of(rule), T0);
        assertThat(schedule.take(T0).merged()).isZero();
        Instant second = rule.due();
        Instant late = second.plusSeconds(25);
        assertThat(schedule.take(late)).isNull();

        schedule.putBack(rule, false, late);
        RuleSchedule.Start next = schedule.take(late);
        assertThat(next.merged()).isEqualTo(2);
        assertThat(next.lag()).isEqualTo(Duration.ofSeconds(25));
        assertThat(rule.due()).isEqualTo(second.plusSeconds(30));
    }

    @Test
    void aRuleWhoseRunWasIncompleteIsDueAtOnce() {
        RunningRule rule = rule("more", "60");
        schedule.add(List.of(rule), T0);
        schedule.take(T0);
        schedule.putBack(rule, true, T0.plusMillis(200));
        RuleSchedule.Start again = schedule.take(T0.plusMillis(200));
        assertThat(again.rule()).isSameAs(rule);
        assertThat(again.merged()).isZero();
    }

    @Test
    void rulesOfOneIntervalAreSpreadOverIt() {
        List<RunningRule> rules =
                IntStream.range(0, 1000).mapToObj(i -> rule("rule-" + i, "10")).toList();
        schedule.add(rules, T0);
        List<Integer> firsts = new ArrayList<>();
        Set<Integer> tenths = new HashSet<>();
        for (int tick = 0; tick < 100; tick++) {
            Instant now = T0.plusMillis(tick * 100);
            int due = 0;
            for (RuleSchedule.Start start = schedule.take(now); start != null; start = schedule.take(now)) {
                due++;
                tenths.add((int) (start.rule().due().toEpochMilli() % 10_000) / 1000);
            }
            firsts.add(due);
        }
        assertThat(firsts.stream().mapToInt(i -> i).sum()).isEqualTo(1000);
        assertThat(firsts).allMatch(due -> due <= 50);
        assertThat(tenths).hasSize(10);
    }

    @Test
    void rulesOfOneSecondAreDueTogether() {
        List<RunningRule> rules =
                IntStream.range(0, 200).mapToObj(i -> rule("rule-" + i, "10")).toList();
        assertThat(rules.stream()
                        .map(rule -> RuleSchedule.next(rule, T0))
                        .distinct()
                        .toList())
                .hasSize(10)
                .allMatch(due -> due.toEpochMilli() % 1000 == 0);
    }

    @Test
    void aDisabledRuleWaitsAndMergesNoRuns() {
        RunningRule rule = rule("switched-off", "10");
        rule.setDisabledByOperator(true);
        schedule.add(List.of(rule), T0);
        assertThat(schedule.take(T0.plusSeconds(100))).isNull();
        rule.setDisabledByOperator(false);
        RuleSchedule.Start start = schedule.take(T0.plusSeconds(110));
        assertThat(start.merged()).isZero();
        assertThat(start.lag()).isLessThanOrEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void aShorterIntervalAppliesAtOnce() {
        RunningRule rule = rule("edited", "3600");
        schedule.add(List.of(rule), T0);
        schedule.take(T0);
        schedule.putBack(rule, false, T0);
        rule.setAlertRule(TestRules.alertRule("edited", "run_every: {seconds: 5}"));
        schedule.edited(rule, T0);
        assertThat(rule.due()).isBeforeOrEqualTo(T0.plusSeconds(5));
        assertThat(schedule.take(T0.plusSeconds(5))).isNotNull();
    }
}
