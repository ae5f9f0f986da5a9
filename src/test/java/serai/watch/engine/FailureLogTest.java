package serai.watch.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FailureLogTest {

    private final Logger logger = (Logger) LogManager.getLogger(FailureLog.class);
    private final Lines lines = new Lines();
    private final FailureLog log = new FailureLog();
    private final List<RunningRule> rules = IntStream.range(0, 1000)
            .mapToObj(i -> TestRules.running("rule-" + i))
            .toList();

    private static final class Lines extends AbstractAppender {
        private final List<String> logged = new ArrayList<>();

        Lines() {
            super("lines", null, null, false, Property.EMPTY_ARRAY);
        }

        @Override
        public void append(LogEvent event) {
            logged.add(event.getLevel() + " " + event.getMessage().getFormattedMessage());
        }
    }

    @BeforeEach
    void listen() {
        lines.start();
        logger.addAppender(lines);
        assertThat(logger.isEnabled(Level.INFO)).isTrue();
    }

    @AfterEach
    void stop() {
        logger.removeAppender(lines);
    }

    private void ended(RunningRule rule, String failure) {
        log.add(new FinishedRun(
                new RuleSchedule.Start(rule, Duration.ZERO, 0),
                rule.alertRule(),
                Instant.EPOCH,
                Duration.ZERO,
                null,
                List.of(),
                failure));
    }

    @Test
    void anOutageOfAllRulesIsOneLineWhenItBeginsAndOneWhenItEnds() {
        for (int round = 0; round < 3; round++) {
            rules.forEach(rule -> ended(rule, "no answer"));
        }
        assertThat(log.failingRules()).isEqualTo(1000);
        rules.forEach(rule -> ended(rule, null));
        assertThat(log.failingRules()).isZero();
        assertThat(lines.logged)
                .containsExactly(
                        "WARN rule=\"rule-0\" The run failed; the next run covers its time: no answer",
                        "INFO rule=\"rule-999\" and 999 others run again after the failure: no answer");
    }

    @Test
    void eachReasonOfARuleIsLoggedOnce() {
        ended(rules.get(0), "no such index");
        ended(rules.get(0), "no such index");
        ended(rules.get(0), "another mistake");
        ended(rules.get(0), null);
        ended(rules.get(0), null);
        assertThat(lines.logged)
                .containsExactly(
                        "WARN rule=\"rule-0\" The run failed; the next run covers its time: no such index",
                        "WARN rule=\"rule-0\" The run failed; the next run covers its time: another mistake",
                        "INFO rule=\"rule-0\" runs again");
    }

    @Test
    void aRemovedRuleDoesNotFailAnyMore() {
        ended(rules.get(0), "no such index");
        log.remove("rule-0");
        assertThat(log.failingRules()).isZero();
        assertThat(lines.logged).hasSize(1);
    }
}
