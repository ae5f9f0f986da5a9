package serai.watch.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import serai.watch.query.Query;
import serai.watch.query.Search;
import serai.watch.query.Window;
import serai.watch.rule.Rule;
import serai.watch.rule.RuleFile;

class TimedDocumentsTest {

    private static final Instant NOON = Instant.parse("2024-03-01T12:00:00Z");
    private Rule rule;
    private TimedDocuments documents;

    @BeforeEach
    void sixDocuments() throws Exception {
        rule = Rule.of(
                RuleFile.read("name: r\ntype: any\nindex: logs\nalert: debug", name -> null),
                Path.of("r.yaml"),
                Map.of("run_every", Map.of("minutes", 1), "buffer_time", Map.of("minutes", 15)),
                ZoneOffset.UTC);
        documents = new TimedDocuments(rule);
        for (int i = 0; i < 6; i++) {
            Map<String, Object> source = Map.of("host", "h" + i % 2, "level", i < 4 ? "info" : "error");
            documents.add(NOON.plusSeconds(i), new Search.Hit("logs", "d" + i, source));
        }
    }

    private static Window seconds(int from, int to) {
        return new Window(NOON.plusSeconds(from), NOON.plusSeconds(to));
    }

    @Test
    void aWindowHasItsEndAndNotItsBeginning() {
        assertThat(documents.counts(
                        new Query.Counts(rule, List.of(seconds(0, 2), seconds(2, 5)), null, null, Map.of())))
                .isEqualTo(
                        Search.Answer.counts(List.of(new Search.Count(2, Map.of()), new Search.Count(3, Map.of())), 0));
    }

    @Test
    void termsAreCountedAmongTheDocumentsThatHaveTheValues() {
        Query.Terms hosts = new Query.Terms("host.keyword", 5, 1);
        assertThat(documents.counts(
                        new Query.Counts(rule, List.of(seconds(-1, 5)), null, hosts, Map.of("level.keyword", "info"))))
                .isEqualTo(Search.Answer.counts(List.of(new Search.Count(4, Map.of("h0", 2L, "h1", 2L))), 0));
    }

    @Test
    void aPageFollowsTheOneBeforeAndCountsTheTimeBefore() {
        Search.Answer first = documents.page(new Query.Documents(rule, seconds(1, 5), seconds(-1, 1), null, 3, null));
        assertThat(first.hits()).extracting(Search.Hit::id).containsExactly("d2", "d3", "d4");
        assertThat(first.late()).isEqualTo(2);
        Search.Answer second = documents.page(new Query.Documents(rule, seconds(1, 5), null, null, 3, first.last()));
        assertThat(second.hits()).extracting(Search.Hit::id).containsExactly("d5");
    }
}
