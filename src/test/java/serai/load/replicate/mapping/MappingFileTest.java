package serai.load.replicate.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import serai.edits.EditRefusedException;
import serai.load.replicate.mapping.ClassifiedRule.Verdict;

/** Reading of files: errors with their lines, and what becomes of each rule. */
class MappingFileTest {

    private static final String INCLUDE =
            "{'rule-type': 'selection', 'rule-id': 1, 'rule-name': 'a', 'rule-action': 'include',\n"
                    + " 'object-locator': {'schema-name': 'public', 'table-name': '%'}}";

    private static Mapping json(String... rules) throws EditRefusedException {
        return Mapping.parse(
                Path.of("routes/load/app.json"),
                "{'rules': [\n%s\n]}".formatted(String.join(",\n", rules)).replace('\'', '"'),
                "app",
                null);
    }

    private static Mapping yaml(String text) throws EditRefusedException {
        return Mapping.parse(Path.of("app.yaml"), text, "app", null);
    }

    private static Verdict verdict(String rule) throws EditRefusedException {
        return classified(rule).verdict();
    }

    private static ClassifiedRule classified(String rule) throws EditRefusedException {
        return json(INCLUDE, rule).rules().get(1);
    }

    private static String column(String action, String more) {
        return "{'rule-type': 'transformation', 'rule-id': 2, 'rule-target': 'column', 'rule-action': '" + action
                + "',\n 'object-locator': {'schema-name': 'public', 'table-name': 'users', 'column-name': 'c'}" + more
                + "}";
    }

    @Test
    void aFileOfTheConsoleIsRead() throws Exception {
        List<ClassifiedRule> rules = json(
                        "{'rule-type': 'selection', 'rule-id': '0017', 'rule-name': 'a', 'rule-action': 'include',"
                                + " 'filters': [], 'parallel-load': null, 'isAutoSegmentationChecked': false,"
                                + " 'object-locator': {'schema-name': 'public', 'table-name': 'users'}}",
                        "{'rule-type': 'table-settings', 'rule-id': 3, 'rule-name': 'b', 'rule-action': 'x',"
                                + " 'filters': [], 'object-locator': {'schema-name': 'public', 'table-name': 'u'},"
                                + " 'parallel-load': null, 'lob-settings': {'bulk-max-size': 16}}")
                .rules();

        assertThat(rules).extracting(ClassifiedRule::id).containsExactly(3L, 17L);
        assertThat(rules).extracting(ClassifiedRule::verdict).containsExactly(Verdict.IRRELEVANT, Verdict.HONOURED);
        assertThat(rules.get(1).toString()).isEqualTo("rule 17 (line 2), include public.users: honoured");
    }

    @Test
    void aByteOrderMarkIsAcceptedAndTabsToo(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("m.json");
        Files.writeString(file, "\uFEFF{\t\"rules\": [" + INCLUDE.replace('\'', '"') + "]}");

        assertThat(Mapping.read(file, "app", null).rules()).hasSize(1);
    }

    @Test
    void anotherEncodingIsRefused(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("m.json");
        Files.write(file, "{\"rules\": \"é\"}".getBytes(StandardCharsets.ISO_8859_1));

        assertThatThrownBy(() -> Mapping.read(file, "app", null)).hasMessageContaining("UTF-8");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{'rule-type': 'selektion', 'rule-id': 1}|2|did you mean 'selection'",
                "{'rule-type': 'selection', 'rule-action': 'include'}|2|'rule-id' is missing",
                "{'rule-type': 'selection', 'rule-id': 'x', 'rule-action': 'include'}|2|whole number",
                "{'rule-type': 'selection', 'rule-id': 1, 'rule-action': 'Include'}|2|did you mean 'include'",
                "{'rule-type': 'selection', 'rule-id': 1, 'rule-action': 'include', 'filter': []}|2|did you mean 'filters'",
                "{'rule-type': 'selection', 'rule-id': 1, 'rule-action': 'include'}|2|'object-locator' is missing",
                "{'rule-type': 'selection', 'rule-id': 1, 'rule-id': 2}|2|second time",
                "{'rule-type': 'selection', 'rule-id': 1, 'rule-action': 'exclude', 'object-locator': {'schema-name': 'a\\\\_b', 'table-name': '%'}}|2|backslash",
                "{'rule-type': 'selection', 'rule-id': 1, 'rule-action': 'exclude', 'object-locator': {'schema-name': 'a[b', 'table-name': '%'}}|2|the [ has no ]",
                "{'rule-type': 'transformation', 'rule-id': 1, 'rule-target': 'column', 'rule-action': 'remove-colum'}|2|did you mean 'remove-column'",
                "{'rule-type': 'transformation', 'rule-id': 1, 'rule-target': 'table', 'rule-action': 'remove-column'}|2|rule-target 'column'",
                "7|2|an object in braces",
                "{'rule-type': }|2|not JSON"
            })
    void anErrorNamesLineFieldAndFix(String rule, int line, String reason) {
        assertThatThrownBy(() -> json(rule)).isInstanceOfSatisfying(EditRefusedException.class, e -> {
            assertThat(e.refusal().line()).isEqualTo(line);
            assertThat(e.refusal().reason()).contains(reason);
            assertThat(e).hasMessageStartingWith("routes/load/app.json:2: ");
        });
    }

    @Test
    void anErrorIsAtTheLineOfItsField() {
        assertThatThrownBy(() -> json(INCLUDE, column("data-masking-digits-mask", ",\n\n 'value': '##'")))
                .hasMessageStartingWith("routes/load/app.json:7: 'value'");
    }

    @Test
    void twoRulesOfOneIdAreRefused() {
        assertThatThrownBy(() -> json(INCLUDE, INCLUDE.replace("1,", "'01',"))).hasMessageContaining("rule-id 1");
    }

    @Test
    void nothingSelectedIsRefused() {
        assertThatThrownBy(() -> json()).hasMessageContaining("nothing is selected");
        assertThatThrownBy(() -> json(INCLUDE.replace("include", "exclude")))
                .hasMessageContaining("nothing is selected");
        assertThatThrownBy(() -> yaml("without: [public.x]")).hasMessageContaining("nothing is selected");
        assertThatThrownBy(() -> yaml("")).hasMessageContaining("nothing in it");
    }

    @Test
    void whatStreamsAndOtherDatabasesNeedIsIrrelevant() throws Exception {
        assertThat(verdict("{'rule-type': 'post-processing', 'rule-id': 2}")).isEqualTo(Verdict.IRRELEVANT);
        assertThat(verdict("{'rule-type': 'validation', 'rule-id': 2, 'rule-target': 'column'}"))
                .isEqualTo(Verdict.IRRELEVANT);
        assertThat(verdict("{'rule-type': 'object-mapping', 'rule-id': 2, 'rule-action': 'map-record-to-record'}"))
                .isEqualTo(Verdict.IRRELEVANT);
        assertThat(verdict(column("add-before-image-columns", ", 'before-image-def': {'column-prefix': 'BI_'}")))
                .isEqualTo(Verdict.IRRELEVANT);
        assertThat(verdict("{'rule-type': 'transformation', 'rule-id': 2, 'rule-target': 'table-tablespace',"
                        + " 'rule-action': 'rename', 'value': 'x'}"))
                .isEqualTo(Verdict.IRRELEVANT);
    }

    @Test
    void columnsThatAnObjectMappingExcludesNeverArrive() throws Exception {
        Mapping mapping = json(
                INCLUDE,
                "{'rule-type': 'object-mapping', 'rule-id': 2, 'rule-action': 'map-record-to-record',"
                        + " 'object-locator': {'schema-name': 'public', 'table-name': 'users'},"
                        + " 'mapping-parameters': {'exclude-columns': ['email']}}");

        assertThat(mapping.rules().get(1).verdict()).isEqualTo(Verdict.DIFFERENT);
        assertThat(mapping.plan(TestRow.table("public.users (id integer, email text) key (id)"))
                        .orElseThrow()
                        .withheld())
                .containsExactly("email");
    }

    @Test
    void whatIsNotSupportedIsRefusedWithTheReason() throws Exception {
        assertThat(classified(column("add-column", ", 'value': 'x', 'expression': 'soundex($c)'"))
                        .toString())
                .contains("refused", "no function soundex");
        assertThat(classified(column("change-data-type", ", 'data-type': {'type': 'map'}"))
                        .toString())
                .contains("refused", "'map'");
        assertThat(classified(column("rename", ", 'expression': '$c'")).toString())
                .contains("refused", "'value'");
        assertThat(classified(INCLUDE.replace("1,", "2,").replace("'%'", "'%', 'table-type': 'view'"))
                        .toString())
                .contains("refused", "views");
        assertThat(classified(INCLUDE.replace("1,", "2,").replace("include", "explicit"))
                        .toString())
                .contains("refused", "one table");
        assertThat(classified("{'rule-type': 'table-settings', 'rule-id': 2, 'lob-settings': {'mode': 'none'}}")
                        .verdict())
                .isEqualTo(Verdict.REFUSED);
    }

    @Test
    void filtersNeedAnIncludeRuleOfOneTable() throws Exception {
        String filters = "}, 'filters': [{'filter-type': 'source', 'column-name': 'c',"
                + " 'filter-conditions': [{'filter-operator': 'notnull'}]}]}";
        String rule = INCLUDE.replace("1,", "2,").replace("}}", filters);

        assertThat(classified(rule).toString()).contains("refused", "exact name");
        assertThat(verdict(rule.replace("'%'", "'audit_log'"))).isEqualTo(Verdict.DIFFERENT);
        assertThat(classified(rule.replace("'%'", "'a'").replace("include", "explicit"))
                        .toString())
                .contains("refused", "include rules only");
        assertThatThrownBy(() -> json(rule.replace("include", "exclude"))).hasMessageContaining("has no filters");
        assertThatThrownBy(() -> json(rule.replace("'%'", "'a'")
                        .replace("[{'filter-operator'", "[{'filter-operator': 'null'}, {'filter-operator'")))
                .hasMessageContaining("only condition");
    }

    @Test
    void theShortMessageOfAMisspelledTypeFieldIsADifference() throws Exception {
        assertThat(classified(column(
                                "add-column",
                                ", 'value': 'x', 'expression': '1', 'data-type': {'type': 'string', 'lenght': 50}"))
                        .toString())
                .contains("honoured with a difference", "'lenght'");
    }

    @Test
    void aSaltedHashNeedsAKeyThatIsLongEnough() {
        assertThatThrownBy(() -> json(INCLUDE, column("x-hash-salted", ""))).hasMessageContaining("replicate.mask-key");
        assertThatThrownBy(
                        () -> json(INCLUDE, column("add-column", ", 'value': 'x', 'expression': 'x_hash_salted($c)'")))
                .hasMessageContaining("replicate.mask-key");
        assertThatThrownBy(() -> yaml("tables: [public.%]\nmask:\n  public.users.email: hash-salted"))
                .hasMessageContaining("app.yaml:3:")
                .hasMessageContaining("replicate.mask-key");
        assertThatThrownBy(() -> Mapping.parse(Path.of("m.yaml"), "tables: [public.%]", "app", "secret"))
                .hasMessageContaining("too short")
                .hasMessageNotContaining("secret");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "tables: [users]|1|write SCHEMA.TABLE",
                "tables:\\n- public.%\\nwithin: []|3|did you mean 'without'",
                "tables:\\n- public.%\\nwithout:\\n- email|4|SCHEMA.TABLE.COLUMN",
                "tables: [public.%]\\nmask:\\n  public.users.email: hsah|3|did you mean 'hash'",
                "tables: [public.%]\\nmask:\\n  public.users: hash|3|SCHEMA.TABLE.COLUMN",
                "tables: [public.%]\\nmask:\\n  a.b.c: digits-mask **|3|one printable",
                "tables: public.%|1|is a list",
                "tables: [public.%]\\ntables: [crm.%]|2|second time",
                "tables: [|1|not YAML",
                "tables: {a: *a}|1|not YAML"
            })
    void anErrorOfTheShortFormNamesLineAndFix(String text, int line, String reason) {
        assertThatThrownBy(() -> yaml(text.replace("\\n", "\n")))
                .isInstanceOfSatisfying(EditRefusedException.class, e -> {
                    assertThat(e.refusal().line()).isEqualTo(line);
                    assertThat(e.refusal().reason()).contains(reason);
                });
    }

    @Test
    void theShortFormSaysWhatArrives() throws Exception {
        Mapping mapping = yaml("""
                tables: [public.%]
                without: [public.tmp_%, public.users.name]
                mask:
                  public.users.phone: digits-mask *
                  public.users.email: hash
                history: [public.users]
                """);
        TablePlan plan = mapping.plan(
                        TestRow.table("public.users (id integer, name text, phone text, email text) key (id)"))
                .orElseThrow();

        assertThat(mapping.rules()).hasSize(6).allMatch(rule -> rule.verdict() == Verdict.HONOURED);
        assertThat(plan.history()).isTrue();
        assertThat(TestRow.arriving(plan, TestRow.of("1", "Ada", "+44 20", "a@b.c")))
                .containsOnlyKeys("id", "phone", "email")
                .containsEntry("phone", "+** **");
        assertThat(mapping.plan(TestRow.table("public.tmp_1 (id integer)"))).isEmpty();
    }
}
