package serai.watch.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import serai.watch.rule.Options;
import serai.watch.rule.Rule;
import serai.watch.rule.RuleException;
import serai.watch.rule.RuleFile;

class RuleSourcesTest {

    private static final String SIGNUPS = "name: s\ntype: any\nalert: debug\nsource: warehouse\n";

    @Test
    void aRuleWithoutSourceKeepsItsOptions() throws Exception {
        Options options = SourceRule.prepared("name: s\ntype: any\nindex: logs\nalert: debug\nquery: kept\n");
        assertThat(options.values())
                .containsEntry("query", "kept")
                .containsEntry("index", "logs")
                .hasSize(5);
    }

    @Test
    void aRuleWithSourceElasticsearchIsLikeOneWithoutSource() throws Exception {
        Rule rule = SourceRule.of("name: s\ntype: any\nindex: logs\nalert: debug\nsource: elasticsearch\n");
        assertThat(rule.option("source")).isNull();
        assertThat(RuleSources.isElasticsearch(rule)).isTrue();
    }

    @Test
    void aQueryInTheRuleNeedsNoIndexAndHasATimeColumn() throws Exception {
        Rule rule = SourceRule.of(SIGNUPS + "query: select at, country from star.fact_signups");
        assertThat(rule.timestampField()).isEqualTo("at");
        assertThat(rule.option("query")).isEqualTo("select at, country from star.fact_signups");
        assertThat(RuleSources.isElasticsearch(rule)).isFalse();
    }

    @Test
    void aQueryOfAFileIsReadFromTheProjectsFolder() throws Exception {
        String yaml = SIGNUPS + "query: sql/checks/signups.sql\ntimestamp_field: day\n";
        Rule rule = SourceRule.of(yaml, "sql/checks/signups.sql", "select day from star.fact_signups");
        assertThat(rule.option("query")).isEqualTo("select day from star.fact_signups");
        assertThat(rule.option("query_file")).isEqualTo("sql/checks/signups.sql");
        assertThat(rule.timestampField()).isEqualTo("day");
        assertThat(RuleSources.queryFile(rule.fileOptions())).isEmpty();
        assertThat(RuleSources.queryFile(SourceRule.prepared("source: elasticsearch\nquery: a.sql")))
                .isEmpty();
    }

    @Test
    void theFileOfAQueryIsKnownBeforeItIsRead() throws Exception {
        Options given = RuleFile.read(SIGNUPS + "query: sql/checks/a.sql", n -> null);
        assertThat(RuleSources.queryFile(given)).contains(Path.of("sql/checks/a.sql"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "source: postgres | source | must be one of elasticsearch, matches, warehouse",
                "source: warehouse | query | is required with source: warehouse",
                "source: warehouse\\nquery: sql/none.sql | query | there is no file sql/none.sql",
                "source: warehouse\\nquery: ../secret.sql | query | by its path from the project's folder",
                "source: warehouse\\nquery: /etc/x.sql | query | by its path from the project's folder",
                "source: warehouse\\nquery: delete from t | query | write a bare SELECT",
                "source: warehouse\\nquery: select 1; select 2 | query | a second statement starts here",
                "source: warehouse\\nindex: logs\\nquery: select 1 | index | has no meaning with source: warehouse; remove it",
                "source: warehouse\\ntimestamp_type: unix\\nquery: select 1 | timestamp_type | its times are real times",
                "source: warehouse\\nfilter: [{query_string: {query: x}}]\\nquery: select 1 | filter | write anything else into the query's where",
                "source: warehouse\\nfilter: [{eql: any}]\\nquery: select 1 | filter | 'eql' is not known over the warehouse",
                "source: warehouse\\nfilter: [{terms: {a: x}}]\\nquery: select 1 | filter | terms has a list of values",
                "source: warehouse\\nfilter: [{term: {a: null}}]\\nquery: select 1 | filter | null is not one; to test whether there is a value use 'exists'",
                "source: warehouse\\nfilter: [{range: {a: {gt: [1]}}}]\\nquery: select 1 | filter | [1] is not one",
                "source: warehouse\\nmatch_bucket_filter: {match: {a: b}}\\nquery: select 1 | match_bucket_filter | 'match' is not known",
                "source: warehouse\\nid_column: [a]\\nquery: select 1 | id_column | must be a text",
                "source: matches\\nquery: select 1 | query | reads what the rules named in 'rules' found",
                "source: matches\\nes_host: x | es_host | has no meaning with source: matches",
            })
    void optionsThatConflictAreRefusedWithTheLineAndTheFix(String yaml, String field, String fix) {
        String text = "name: s\ntype: any\nalert: debug\n" + yaml.replace("\\n", "\n");
        assertThatThrownBy(() -> SourceRule.of(text)).isInstanceOfSatisfying(RuleException.class, e -> {
            assertThat(e.field()).isEqualTo(field);
            assertThat(e.line()).isNotNull();
            assertThat(e).hasMessageContaining(fix);
        });
    }

    @Test
    void aMistakeInAFilterNamesTheLineOfThatFilter() {
        String yaml =
                SIGNUPS + "query: select 1 as at\nfilter:\n- term: {a: 1}\n- bool:\n    must:\n    - match: {a: b}\n";
        assertThatThrownBy(() -> SourceRule.of(yaml))
                .isInstanceOfSatisfying(
                        RuleException.class, e -> assertThat(e.line()).isEqualTo(8))
                .hasMessageStartingWith("filter: 'match' is not known over the warehouse");
    }

    @Test
    void aMistakeInAFilterNamesItsLineAlsoAfterFiltersOfAnImport() throws Exception {
        Options own = RuleFile.read(
                SIGNUPS + "query: select 1 as at\nfilter:\n- term: {a: 1}\n- match: {a: b}\n", name -> null);
        List<Object> filters = new ArrayList<>(List.of(Map.of("term", Map.of("imported", 1))));
        filters.addAll(own.list("filter"));
        Map<String, Object> values = new LinkedHashMap<>(own.values());
        values.put("filter", filters);
        assertThatThrownBy(() -> RuleSources.prepare(own.withValues(values), file -> Optional.empty()))
                .isInstanceOfSatisfying(
                        RuleException.class, e -> assertThat(e.line()).isEqualTo(8));
    }

    @Test
    void anotherQueryChangesTheFingerprint() throws Exception {
        Rule rule = SourceRule.of(SIGNUPS + "query: select at from a");
        assertThat(SourceRule.of(SIGNUPS + "query: select at from a\nrealert: {hours: 1}")
                        .fingerprint())
                .isEqualTo(rule.fingerprint());
        assertThat(SourceRule.of(SIGNUPS + "query: select at from b").fingerprint())
                .isNotEqualTo(rule.fingerprint());
    }

    @Test
    void aMistakeInAQueryOfTheRuleFileNamesItsLine() {
        assertThatThrownBy(() -> SourceRule.of(SIGNUPS + "query: |\n  select 1,\n  :form\n"))
                .hasMessageContaining(
                        "line 2 of the query: there is no parameter :form; the parameters are :from, :to");
    }

    @Test
    void aMistakeInAQueryFileNamesTheFileAndItsLine() {
        assertThatThrownBy(() ->
                        SourceRule.of(SIGNUPS + "query: sql/checks/a.sql", "sql/checks/a.sql", "select 1,\n 'open"))
                .hasMessageContaining("sql/checks/a.sql:2: the quote ' is not closed");
    }
}
