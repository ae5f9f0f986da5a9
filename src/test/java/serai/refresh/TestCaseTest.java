package serai.refresh;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import serai.edits.Refusal;

/** Reading the folders of {@code sql/cases}. */
class TestCaseTest {

    private static final String EXPECTED = "a\n1\n";

    private static TestCase parse(String... filesAndTexts) throws Exception {
        Map<Path, String> texts = texts(filesAndTexts);
        return TestCase.parse("one", CaseFiles.folders(texts).get("one"));
    }

    private static Map<Path, String> texts(String... filesAndTexts) {
        Map<Path, String> texts = new TreeMap<>();
        for (int i = 0; i < filesAndTexts.length; i += 2) {
            texts.put(Path.of("sql/cases/one", filesAndTexts[i]), filesAndTexts[i + 1]);
        }
        return texts;
    }

    private static String refusal(String... filesAndTexts) {
        List<Refusal> refusals = new CaseFiles().check(texts(filesAndTexts));
        assertThat(refusals).hasSize(1);
        Refusal refusal = refusals.get(0);
        return Path.of("sql/cases/one").relativize(refusal.file())
                + (refusal.line() == null ? "" : ":" + refusal.line()) + ": " + refusal.reason();
    }

    @Test
    void stagesAreInTheOrderOfTheirNumbersAndKeepTheClock() throws Exception {
        TestCase tested = parse(
                "given/landing.logins.csv",
                "a,b\n1,\n,\"x, y\"\n",
                "steps/10.sql",
                "-- later\n-- @now 2026-03-02T10:00+01:00\nselect 1; select 2;",
                "steps/10.expected/fact.csv",
                EXPECTED,
                "steps/9.sql",
                "-- @now 2026-03-01\n-- time goes on",
                "steps/11.sql",
                "delete from logins",
                "steps/11.expected/fact.csv",
                "a\n");
        assertThat(tested.stages())
                .extracting(TestCase.Stage::now)
                .containsExactly(
                        Instant.parse("2026-03-01T00:00:00Z"),
                        Instant.parse("2026-03-01T00:00:00Z"),
                        Instant.parse("2026-03-02T09:00:00Z"),
                        Instant.parse("2026-03-02T09:00:00Z"));
        assertThat(tested.stages())
                .extracting(stage -> stage.statements().size())
                .containsExactly(0, 0, 2, 1);
        CsvFile given = tested.stages().get(0).given().get(0);
        assertThat(given.name()).isEqualTo("landing.logins");
        assertThat(given.rows().get(0)).containsExactly("1", null);
        assertThat(given.rows().get(1)).containsExactly(null, "x, y");
        assertThat(given.lines()).containsExactly(2, 3);
        assertThat(tested.stages().get(3).expected().get(0).rows()).isEmpty();
    }

    @Test
    void aWrongFolderIsRefusedWithFileLineAndFix() {
        assertThat(refusal("given.sql", "-- @now 2026-03-01\nselect 1"))
                .startsWith("given.sql: nothing is expected after it")
                .contains("given.expected/MODEL.csv");
        assertThat(refusal("steps/01.sql", "select 1", "steps/01.expected/fact.csv", EXPECTED))
                .contains("a case needs a clock")
                .contains("-- @now 2026-03-01T12:00");
        assertThat(refusal("steps/01.sql", "-- @now 2026-13-01", "steps/01.expected/fact.csv", EXPECTED))
                .startsWith("steps/01.sql:1: '2026-13-01' is no time");
        assertThat(refusal("steps/01.sql", "select 1;\n-- @now 2026-03-01", "steps/01.expected/fact.csv", EXPECTED))
                .startsWith("steps/01.sql:2: @now is there a second time, or below a statement");
        assertThat(refusal("steps/01.sql", "\n-- @nwo 2026-03-01", "steps/01.expected/fact.csv", EXPECTED))
                .startsWith("steps/01.sql:2: there is no @nwo here");
        assertThat(refusal(
                        "given.sql",
                        "-- @now 2026-03-02",
                        "steps/01.sql",
                        "-- @now 2026-03-01",
                        "steps/01.expected/fact.csv",
                        EXPECTED))
                .startsWith("steps/01.sql:1: @now is before that of an earlier step");
        assertThat(refusal("given.sql", "-- @now 2026-03-01", "steps/02.expected/fact.csv", EXPECTED))
                .startsWith("steps/02.expected/fact.csv: there is no file of statements of step 2");
        assertThat(refusal("given.sql", "-- @now 2026-03-01", "expected/fact.csv", EXPECTED))
                .startsWith("expected/fact.csv: a case has given.sql, given/REL.csv");
        assertThat(refusal("given.sql", "-- @now 2026-03-01\ncommit", "given.expected/fact.csv", EXPECTED))
                .startsWith("given.sql:2: the statements run in one transaction");
        assertThat(refusal("given.sql", "-- @now 2026-03-01", "given.expected/fact.csv", "a,b\n1\n"))
                .startsWith("given.expected/fact.csv:2: this line has 1 fields, the header has 2");
        assertThat(refusal("given.sql", "-- @now 2026-03-01", "given.expected/Fact.csv", EXPECTED))
                .startsWith("given.expected/Fact.csv: the file is named as a relation");
        assertThat(refusal("given.sql", "-- @now 2026-03-01", "given.expected/fact.csv", "a\n" + "1\n".repeat(10_001)))
                .contains("at most 10000 rows");
        assertThat(refusal(
                        "steps/1.sql",
                        "-- @now 2026-03-01",
                        "steps/01.sql",
                        "",
                        "steps/01.expected/fact.csv",
                        EXPECTED))
                .contains("steps have different numbers");
    }

    @Test
    void theShippedCasesAreInOrder() throws Exception {
        CaseFiles cases = new CaseFiles();
        Map<Path, String> texts = new TreeMap<>();
        try (Stream<Path> files = Files.walk(CaseFiles.FOLDER)) {
            for (Path file :
                    files.filter(Files::isRegularFile).filter(cases::owns).toList()) {
                texts.put(file, Files.readString(file));
            }
        }
        assertThat(texts).isNotEmpty();
        assertThat(cases.check(texts)).isEmpty();
    }
}
