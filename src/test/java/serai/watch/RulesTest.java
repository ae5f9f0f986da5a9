package serai.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import serai.edits.Refusal;
import serai.watch.alert.AlertRule;
import serai.watch.message.Alert;
import serai.watch.rule.Options;
import serai.watch.rule.RuleException;
import serai.watch.rule.RuleFolders;
import serai.watch.rule.RuleLoader;

class RulesTest {

    private static final RuleFolders FOLDERS = new RuleFolders(List.of(RuleFolders.OWN), true);

    private final RuleLoader loader = new RuleLoader(
            new Options(Map.of(), Map.of()), ZoneOffset.UTC, FOLDERS.folders(), java.util.Set.of(), name -> null);
    private final Map<Path, String> disk = new HashMap<>();
    private Map<String, AlertRule> running;
    private int times;
    private final RuleFiles rules = new RuleFiles(
            FOLDERS,
            file -> Optional.ofNullable(disk.get(file)),
            new AlertRuleReader(loader, this::check),
            new AlertRuleReader(loader, rule -> {}),
            now -> {
                running = now;
                times++;
            });

    private void check(serai.watch.rule.Rule rule) throws RuleException {
        if (rule.index().equals("nowhere")) {
            throw rule.fileOptions().refused("index", "is nowhere");
        }
    }

    private static Path file(String name) {
        return Path.of("routes/alerts").resolve(name);
    }

    private static String rule(String name, String... lines) {
        return "name: " + name + "\nindex: logs\ntype: any\nalert: debug\n" + String.join("\n", lines) + "\n";
    }

    /** File and text in turn; null removes the file. */
    private List<Refusal> apply(String... edits) {
        Map<Path, Optional<String>> changes = new TreeMap<>();
        for (int i = 0; i < edits.length; i += 2) {
            changes.put(file(edits[i]), Optional.ofNullable(edits[i + 1]));
        }
        return rules.apply(changes);
    }

    @Test
    void theRulesOfABatchRunAndTheLastGoodTextIsKept() {
        assertThat(apply("a.yaml", rule("a"), "b.yaml", rule("b"))).isEmpty();
        AlertRule a = running.get("a");
        assertThat(running.keySet()).containsExactlyInAnyOrder("a", "b");

        List<Refusal> refused =
                apply("a.yaml", rule("a", "realert: soon"), "b.yaml", rule("b", "realert: {minutes: 2}"));
        assertThat(refused).singleElement().satisfies(r -> {
            assertThat(r.file()).isEqualTo(file("a.yaml"));
            assertThat(r.line()).isEqualTo(5);
            assertThat(r.reason()).contains("realert");
        });
        assertThat(running.get("a")).isSameAs(a);
        assertThat(running.get("b").rule().realert()).hasMinutes(2);

        assertThat(apply()).hasSize(1);
        assertThat(apply("a.yaml", rule("a"))).isEmpty();
        assertThat(apply("a.yaml", null)).isEmpty();
        assertThat(running.keySet()).containsExactly("b");
    }

    @Test
    void aRuleIsReadAgainWhenItsTemplateIsEdited() throws Exception {
        Path template = Files.writeString(Files.createTempFile(Path.of("target"), "alert", ".j2"), "first {{ user }}");
        try {
            apply(
                    "a.yaml",
                    rule(
                            "a",
                            "alert_text_type: alert_text_jinja",
                            "jinja_template_path: " + template,
                            "alert_text: x"));
            assertThat(rules.files()).containsExactly(template.toAbsolutePath());
            assertThat(rules.owns(template.toAbsolutePath())).isTrue();
            assertThat(spoken()).isEqualTo("first bob");

            Files.writeString(template, "second {{ user }}");
            assertThat(rules.apply(Map.of(template.toAbsolutePath(), Optional.of("second"))))
                    .isEmpty();
            assertThat(spoken()).isEqualTo("second bob");

            Files.writeString(template, "{% if %}");
            assertThat(rules.apply(Map.of(template.toAbsolutePath(), Optional.of("broken"))))
                    .singleElement()
                    .satisfies(r -> {
                        assertThat(r.file()).isEqualTo(file("a.yaml"));
                        assertThat(r.reason()).contains("jinja_template_path");
                    });
            assertThat(spoken()).isEqualTo("second bob");
        } finally {
            Files.delete(template);
        }
    }

    private String spoken() {
        return running.get("a")
                .text()
                .body(new Alert(List.of(Map.of("user", "bob")), 0, false))
                .strip();
    }

    @Test
    void nothingIsLoggedWhenNothingChanged() {
        apply("a.yaml", rule("a"), "b.yaml", "name: [");
        apply();
        apply();
        assertThat(times).isEqualTo(1);
    }

    @Test
    void ofTwoFilesWithOneNameTheFirstKeepsItUntilItLetsGo() {
        assertThat(apply("b.yaml", rule("twice"))).isEmpty();
        List<Refusal> refused = apply("a.yaml", rule("twice"), "c.yaml", rule("other"));
        assertThat(refused).singleElement().satisfies(r -> {
            assertThat(r.file()).isEqualTo(file("a.yaml"));
            assertThat(r.reason()).contains("b.yaml").contains("twice");
        });
        assertThat(running.get("twice").rule().file()).isEqualTo(file("b.yaml"));
        assertThat(apply("b.yaml", null)).isEmpty();
        assertThat(running.get("twice").rule().file()).isEqualTo(file("a.yaml"));
        assertThat(running).hasSize(2);
    }

    @Test
    void twoFilesMaySwapTheirNames() {
        apply("a.yaml", rule("x"), "b.yaml", rule("y"));
        assertThat(apply("a.yaml", rule("y"), "b.yaml", rule("x"))).isEmpty();
        assertThat(running.get("x").rule().file()).isEqualTo(file("b.yaml"));
    }

    @Test
    void aFileThatIsRefusedTakesItsOldNameBackFromAnother() {
        apply("a.yaml", rule("x"), "c.yaml", rule("z"));
        // a wants the name of c and lets go of x, which b takes at once
        List<Refusal> refused = apply("a.yaml", rule("z"), "b.yaml", rule("x"));
        assertThat(refused).extracting(Refusal::file).containsExactlyInAnyOrder(file("a.yaml"), file("b.yaml"));
        assertThat(running.get("x").rule().file()).isEqualTo(file("a.yaml"));
        assertThat(running).hasSize(2);
    }

    @Test
    void anEditOfAnImportedFileIsAnEditOfItsImporters() {
        disk.put(file("base.inc"), "realert: {minutes: 5}\n");
        apply("a.yaml", rule("a", "import: base.inc"), "b.yaml", rule("b"));
        AlertRule b = running.get("b");
        assertThat(running.get("a").rule().realert()).hasMinutes(5);
        assertThat(rules.owns(file("base.inc"))).isTrue();
        assertThat(rules.owns(file("other.inc"))).isFalse();

        assertThat(apply("base.inc", "realert: {minutes: 7}\n")).isEmpty();
        assertThat(running.get("a").rule().realert()).hasMinutes(7);
        assertThat(running.get("b")).isSameAs(b);

        assertThat(apply("base.inc", "realert: ["))
                .singleElement()
                .extracting(Refusal::file)
                .isEqualTo(file("a.yaml"));
        assertThat(running.get("a").rule().realert()).hasMinutes(7);
    }

    @Test
    void aServerThatCannotBeAskedRefusesTheRule() {
        assertThat(apply("a.yaml", rule("a").replace("index: logs", "index: nowhere")))
                .singleElement()
                .extracting(Refusal::line)
                .isEqualTo(2);
    }

    @Test
    void aLimitOfTimesThatIsNoneRefusesTheRule() {
        assertThat(apply("a.yaml", rule("a", "limit_execution: \"* 25 * * *\"")))
                .singleElement()
                .extracting(Refusal::line)
                .isEqualTo(5);
    }
}
