package serai.watch.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import serai.watch.python.Python;

class RuleLoaderTest {

    private static final String RULE = "name: r\ntype: any\nindex: i\nalert: debug\n";
    private static final Path FILE = Path.of("routes/alerts/team/some.yaml");

    private static RuleLoader loader(Map<String, Object> defaults) {
        return new RuleLoader(
                new Options(defaults, Map.of()),
                ZoneOffset.UTC,
                List.of(Path.of("routes/alerts")),
                Set.of("TimeEnhancement"),
                name -> null);
    }

    private static RuleLoader.Loaded load(String rule, Map<String, String> others) throws RuleException {
        return loader(Map.of()).load(FILE, path -> text(rule, others, path));
    }

    private static Optional<String> text(String rule, Map<String, String> others, Path path) {
        return path.equals(FILE) ? Optional.of(rule) : Optional.ofNullable(others.get(path.toString()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "source: wazuh",
                "source: [a, b]",
                "timezone: CET-office",
                "timezone: 2",
                "severities: [high, low]",
                "severities: critical",
                "resolved: by hand",
                "resolve_after: never"
            })
    void metadataOfTheAuthorUnderANameOfSeraisIsKeptWithANoticeAndTheRuleRunsAsWithoutIt(String line)
            throws RuleException {
        String name = line.substring(0, line.indexOf(':'));
        RuleLoader.Loaded loaded = load(RULE + line + "\n", Map.of());
        assertThat(loaded.rules()).hasSize(1);
        Rule rule = loaded.rule();
        assertThat(rule.notices())
                .singleElement()
                .asString()
                .startsWith("5: " + name + ": ")
                .contains("kept as the rule's own");
        assertThat(rule.option(name)).isNull();
        assertThat(Python.str(OwnMetadata.of(rule, name))).isNotEqualTo("None");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "severities: {a b: {num_events: 1}}",
                "timezone: Europe/Berln",
            })
    void aWrongValueThatIsMeantForSeraiIsRefused(String line) {
        assertThatThrownBy(() -> load(RULE + line + "\n", Map.of()))
                .isInstanceOf(RuleException.class)
                .hasMessageStartingWith(line.substring(0, line.indexOf(':')));
    }

    @Test
    void anImportIsSearchedBesideTheRuleFirstAndThenBesideTheImportingFile() throws RuleException {
        Map<String, String> others = Map.of(
                "routes/alerts/base/a.inc",
                "import: [b.inc, c.inc]\n",
                "routes/alerts/team/b.inc",
                "owner: beside the rule\n",
                "routes/alerts/base/b.inc",
                "owner: beside the import\n",
                "routes/alerts/base/c.inc",
                "description: beside the import\n");
        RuleLoader.Loaded loaded = load(RULE + "import: ../base/a.inc\n", others);
        assertThat(loaded.rule().option("owner")).isEqualTo("beside the rule");
        assertThat(loaded.rule().option("description")).isEqualTo("beside the import");
        assertThat(loaded.files())
                .containsExactlyInAnyOrder(
                        FILE,
                        Path.of("routes/alerts/base/a.inc"),
                        Path.of("routes/alerts/team/b.inc"),
                        Path.of("routes/alerts/base/c.inc"));
        assertThat(loaded.files()).startsWith(FILE);
    }

    @Test
    void theFileOfARuleIsAnOptionForItsTexts() throws RuleException {
        assertThat(load(RULE, Map.of()).rule().option("rule_file")).isEqualTo("routes/alerts/team/some.yaml");
    }

    @Test
    void aDefaultOfTheWrongKindIsRefused() {
        Map.of("timestamp_field", List.of("a"), "include_fields", "a").forEach((option, value) -> {
            RuleLoader loader = loader(
                    Map.of("run_every", Map.of("minutes", 1), "buffer_time", Map.of("minutes", 15), option, value));

            assertThatThrownBy(() -> loader.load(FILE, path -> text(RULE, Map.of(), path)))
                    .isInstanceOfSatisfying(
                            RuleException.class, e -> assertThat(e.field()).isEqualTo(option));
        });
    }

    @Test
    void anImportTakesPrecedenceOverItsOwnImports() throws RuleException {
        Map<String, String> others = Map.of(
                "routes/alerts/team/a.inc",
                "import: b.inc\nowner: a\nfilter: [{term: {f: a}}]\n",
                "routes/alerts/team/b.inc",
                "owner: b\ncategory: b\nfilter: [{term: {f: b}}]\n");
        Rule rule = load(RULE + "import: a.inc\n", others).rule();
        assertThat(rule.option("owner")).isEqualTo("a");
        assertThat(rule.option("category")).isEqualTo("b");
        assertThat(rule.filters())
                .isEqualTo(List.of(Map.of("term", Map.of("f", "b")), Map.of("term", Map.of("f", "a"))));
    }

    @Test
    void aFileMayBeImportedTwice() throws RuleException {
        Map<String, String> others = Map.of(
                "routes/alerts/team/a.inc",
                "import: c.inc\n",
                "routes/alerts/team/b.inc",
                "import: c.inc\n",
                "routes/alerts/team/c.inc",
                "owner: c\n");
        assertThat(load(RULE + "import: [a.inc, b.inc]\n", others).rule().option("owner"))
                .isEqualTo("c");
    }

    @Test
    void anImportThatImportsItselfIsRefused() {
        Map<String, String> others =
                Map.of("routes/alerts/team/a.inc", "import: b.inc\n", "routes/alerts/team/b.inc", "import: a.inc\n");
        assertThatThrownBy(() -> load(RULE + "import: a.inc\n", others))
                .isInstanceOfSatisfying(RuleException.class, e -> {
                    assertThat(e.line()).isEqualTo(5);
                    assertThat(e)
                            .hasMessageStartingWith("import:")
                            .hasMessageContaining("circle")
                            .hasMessageContaining("a.inc");
                });
    }

    @Test
    void aMissingImportIsRefusedAndItsFileIsWatched() {
        String rule = RULE + "import: base.inc\n";
        assertThatThrownBy(() -> load(rule, Map.of())).isInstanceOfSatisfying(RuleException.class, e -> {
            assertThat(e.line()).isEqualTo(5);
            assertThat(e).hasMessageContaining("routes/alerts/team/base.inc cannot be read");
        });
        assertThat(loader(Map.of()).files(FILE, path -> text(rule, Map.of(), path)))
                .containsExactly(FILE, Path.of("routes/alerts/team/base.inc"));
    }

    @Test
    void aMistakeInAnImportIsRefusedWithFileAndLine() {
        assertThatThrownBy(() -> load(
                        RULE + "import: a.inc\n", Map.of("routes/alerts/team/a.inc", "owner: x\npriority: high\n")))
                .isInstanceOfSatisfying(RuleException.class, e -> {
                    assertThat(e.line()).isEqualTo(5);
                    assertThat(e)
                            .hasMessageContaining("priority")
                            .hasMessageContaining("routes/alerts/team/a.inc, line 2");
                });
        assertThatThrownBy(() -> load(RULE + "import: a.inc\n", Map.of("routes/alerts/team/a.inc", "x: [\n")))
                .isInstanceOf(RuleException.class)
                .hasMessageContaining("routes/alerts/team/a.inc, line 2: this is not YAML");
    }

    @Test
    void moreThanAHundredImportsAreRefused() {
        String many = "import: [" + "a.inc, ".repeat(101) + "]\n";
        assertThatThrownBy(() -> load(RULE + many, Map.of("routes/alerts/team/a.inc", "owner: x\n")))
                .isInstanceOf(RuleException.class)
                .hasMessageContaining("more than 100");
    }

    @Test
    void theNameOfARuleWithoutOneIsItsPathInTheFolder() throws RuleException {
        assertThat(load(RULE.replace("name: r\n", ""), Map.of()).rule().name()).isEqualTo("team/some");
    }

    @Test
    void aGlobalRealertIsIgnoredAsInElastAlert() throws RuleException {
        RuleLoader loader = loader(Map.of("realert", Map.of("minutes", 10), "query_delay", Map.of("minutes", 2)));
        Rule rule = loader.load(FILE, path -> Optional.of(RULE)).rule();
        assertThat(rule.realert()).isEqualTo(Duration.ofMinutes(1));
        assertThat(rule.queryDelay()).isEqualTo(Duration.ofMinutes(2));
    }

    @Test
    void aReferenceIsReplacedByTheOption() throws RuleException {
        Rule rule = load(
                        RULE
                                + "owner: $team$\nteam: [$name$, {of: $index$}]\na: $b$\nb: $a$\nc: $nothing$\nd: costs $name$\n",
                        Map.of())
                .rule();
        assertThat(rule.option("owner")).isEqualTo(List.of("r", Map.of("of", "i")));
        assertThat(rule.option("a")).isEqualTo("$a$");
        assertThat(rule.option("c")).isEqualTo("$nothing$");
        assertThat(rule.option("d")).isEqualTo("costs $name$");
    }

    @ParameterizedTest
    @CsvSource({
        "realrt,realert",
        "query-key,query_key",
        "alert_txt,alert_text",
        "Index_,index",
        "num_event,num_events",
        "slack_chanel_override,slack_channel_override"
    })
    void aMisspelledOptionIsReportedWithTheSimilarOne(String slip, String similar) throws RuleException {
        assertThat(load(RULE + slip + ": x\n", Map.of()).rule().notices())
                .singleElement()
                .asString()
                .isEqualTo("5: " + slip + ": nothing reads this option; did you mean " + similar + "?");
    }

    @ParameterizedTest
    @CsvSource({"runbook", "team", "doc_type", "use_kibana4_dashboard", "service", "env"})
    void anOptionOfTheTeamsOwnIsNotReported(String own) throws RuleException {
        assertThat(load(RULE + own + ": x\n", Map.of()).rule().notices()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"doc_type", "use_kibana4_dashboard", "whatever"})
    void anUnknownOptionIsKept(String option) throws RuleException {
        assertThat(load(RULE + option + ": x\n", Map.of()).rule().option(option))
                .isEqualTo("x");
    }

    @Test
    void anEnhancementThatIsAPythonClassIsRefused() {
        assertThatThrownBy(() -> load(RULE + "match_enhancements: [TimeEnhancement, mine.Enrich]\n", Map.of()))
                .isInstanceOfSatisfying(RuleException.class, e -> {
                    assertThat(e.line()).isEqualTo(5);
                    assertThat(e).hasMessageContaining("'mine.Enrich' names a Python class");
                });
    }

    @Test
    void jinjaFiltersThatArePythonClassesAreReported() throws RuleException {
        assertThat(load(RULE + "jinja_filters: [mine.Filters]\n", Map.of())
                        .rule()
                        .notices())
                .singleElement()
                .asString()
                .startsWith("5: jinja_filters: mine.Filters");
    }

    @Test
    void timesMayHaveAnyLengthAndSign() throws RuleException {
        Rule rule = load(
                        RULE + "realert: {days: 99999}\nquery_delay: {minutes: -1.5}\nexponential_realert: {}\n",
                        Map.of())
                .rule();
        assertThat(rule.realert()).isEqualTo(Duration.ofDays(250 * 365));
        assertThat(rule.queryDelay()).isEqualTo(Duration.ofSeconds(-90));
        assertThat(rule.option("exponential_realert")).isEqualTo(Duration.ZERO);
    }

    @ParameterizedTest
    @CsvSource({"'i-%y.%m', %y", "'i-%Y.%M', %M", "'i-%D', %D"})
    void anUnusualDirectiveInAnIndexIsReported(String index, String token) throws RuleException {
        Rule rule = load(RULE.replace("index: i", "index: " + index) + "use_strftime_index: true\n", Map.of())
                .rule();
        assertThat(rule.notices()).singleElement().asString().startsWith("3: index: " + token);
    }
}
