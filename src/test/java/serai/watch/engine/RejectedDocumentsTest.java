package serai.watch.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import serai.watch.query.Search;
import serai.watch.run.RuleRun;
import serai.watch.run.RuleState;

class RejectedDocumentsTest {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    @Test
    void aRuleWithoutRejectedDocumentsIsOk() {
        RejectedDocuments counts = RejectedDocuments.NONE.after(run(100, 0), NOON);

        assertThat(counts).isEqualTo(RejectedDocuments.NONE);
        assertThat(counts.status(0)).isEqualTo("ok");
        assertThat(counts.text()).isNull();
    }

    @Test
    void fewRejectedDocumentsAreAWarningAndMoreThanTheShareAFailure() {
        RejectedDocuments counts =
                RejectedDocuments.NONE.after(run(50, 2), NOON).after(run(50, 8), NOON.plusSeconds(60));

        assertThat(counts.status(0.1)).isEqualTo("warning");
        assertThat(counts.status(0.09)).isEqualTo("failed");
        assertThat(counts.text())
                .isEqualTo("10 of 100 documents since 2026-03-01T12:00:00Z were rejected and are in meta.rejects:"
                        + " no time.");
    }

    @Test
    void theStatusStaysWhenARunFindsNothing() {
        RejectedDocuments counts = RejectedDocuments.NONE.after(run(1, 1), NOON).after(run(0, 0), NOON.plusSeconds(60));

        assertThat(counts.status(0.1)).isEqualTo("failed");
    }

    @Test
    void anHourLaterTheCountBeginsAgain() {
        RejectedDocuments before = RejectedDocuments.NONE.after(run(1000, 1000), NOON);

        RejectedDocuments inOrder = before.after(run(10, 0), NOON.plusSeconds(3601));
        RejectedDocuments oneOdd = before.after(run(100, 1), NOON.plusSeconds(3601));

        assertThat(inOrder).isEqualTo(RejectedDocuments.NONE);
        assertThat(oneOdd.status(0.1)).isEqualTo("warning");
        assertThat(oneOdd.since()).isEqualTo(NOON.plusSeconds(3601));
    }

    private static RuleRun.Result run(int fresh, int rejected) {
        RuleRun.UnusableDocument document =
                new RuleRun.UnusableDocument(new Search.Hit("logs", "1", Map.of()), "no time");
        List<RuleRun.UnusableDocument> unusable = Collections.nCopies(rejected, document);
        return new RuleRun.Result(RuleState.NEW, NOON, fresh, fresh, List.of(), unusable, true, null);
    }
}
