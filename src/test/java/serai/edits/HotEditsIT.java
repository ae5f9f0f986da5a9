package serai.edits;

import static org.assertj.core.api.Assertions.assertThat;
import static serai.edits.EditFixture.answering;
import static serai.edits.EditFixture.soon;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * An edit of a route, a kamelet or the error handling takes effect, or is refused with file, line and reason while all
 * goes on.
 */
class HotEditsIT {

    private static final String FILE = "routes/show/probe.camel.yaml";
    private static final String OTHER = "routes/show/other.camel.yaml";
    private static final String KAMELET = "routes/kamelets/probe-answer.kamelet.yaml";
    private static final String ERRORS = "routes/_errors.camel.yaml";
    private static EditFixture edited;
    private static String errors;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        edited = EditFixture.start(folder, Map.of("probe.secret-token", "s3cr3t-of-the-probe"));
        errors = edited.project.read(ERRORS);
    }

    @AfterAll
    static void stop() throws Exception {
        edited.close();
    }

    @AfterEach
    void tidy() throws Exception {
        for (String file : List.of(FILE, OTHER, KAMELET)) {
            edited.delete(file);
        }
        edited.project.write(ERRORS, errors);
        // a route answers before its file is noted, so that the note alone does not tell that it is gone
        soon("the files to be gone").untilAsserted(() -> {
            assertThat(edited.database.rows(
                            "select file, status from meta.edits where file ~ 'probe|other' or status = 'refused'"))
                    .isEmpty();
            assertThat(edited.serai.context().getRoutes())
                    .noneMatch(r -> r.getId().contains("probe"));
        });
    }

    @Test
    void addedChangedAndRemovedRoutesTakeEffect() throws Exception {
        edited.project.write(FILE, answering("probe", "one"));
        edited.awaitAnswer("probe", "one");
        edited.awaitStatus(FILE, "accepted");
        edited.project.write(FILE, answering("probe", "two"));
        edited.awaitAnswer("probe", "two");
        edited.delete(FILE);
        edited.awaitAnswer("probe", "404");
        soon("its row to go").until(() -> edited.edit(FILE).isEmpty());
    }

    static Stream<Arguments> mistakes() {
        String good = answering("probe", "broken");
        return Stream.of(
                mistake("broken YAML", good.replace("    id: probe", "    id: [probe"), "2", "expected ',' or ']'"),
                mistake("unknown key", good.replace("steps:", "stepz:"), "6", "stepz"),
                mistake(
                        "unknown endpoint option",
                        good.replace("platform-http:/probe", "platform-http:/probe?perid=5"),
                        "4",
                        "perid"),
                mistake(
                        "unknown component",
                        good.replace("platform-http:/probe", "platform-htp:/probe"),
                        "4",
                        "platform-htp"),
                mistake("missing bean", good + "        - bean: { ref: noSuchBean, method: go }\n", "7", "noSuchBean"),
                mistake(
                        "missing placeholder",
                        good.replace("\"broken\"", "\"{{no.such.setting}}\""),
                        "6",
                        "no.such.setting"),
                mistake(
                        "missing placeholder of an endpoint",
                        good + "        - to: \"log:{{no.such.setting}}\"\n",
                        "7",
                        "no.such.setting"),
                mistake(
                        "missing kamelet",
                        good + "        - to: { uri: \"kamelet:no-such-kamelet\" }\n",
                        "7",
                        "there is no kamelet 'no-such-kamelet'"),
                mistake(
                        "missing parameter of a kamelet",
                        good + "        - to:\n            uri: kamelet:replace-window\n"
                                + "            parameters: { table: landing.users }\n",
                        "8",
                        "window"),
                mistake(
                        "a bad expression",
                        good.replace("constant: \"broken\"", "simple: \"${nosuchfunction(1)\""),
                        "6",
                        "nosuchfunction"),
                mistake(
                        "a wrong timetable",
                        good.replace("platform-http:/probe", "quartz:load/probe?cron=every+day"),
                        "4",
                        "every day"),
                mistake(
                        "the timer of another file",
                        good.replace("platform-http:/probe", "quartz:load/load-users?cron=0+0+0+1+1+?+2090"),
                        null,
                        "routes/load/load-users.camel.yaml"),
                mistake("no id", good.replace("    id: probe\n", ""), "1", "id"),
                mistake("nothing in it", "", null, "nothing in it"),
                mistake("a comment only", "# later\n", null, "nothing in it"),
                mistake(
                        "the id of another file",
                        answering("load-users", "broken"),
                        "1",
                        "routes/load/load-users.camel.yaml"),
                mistake(
                        "one id twice",
                        good + good.replace("platform-http:/probe", "platform-http:/probe2"),
                        "7",
                        "probe"));
    }

    private static Arguments mistake(String name, String text, String line, String reason) {
        return Arguments.of(name, text, line, reason);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mistakes")
    void aMistakeIsRefusedAndTheRouteKeepsRunning(String name, String text, String line, String reason)
            throws Exception {
        edited.project.write(FILE, answering("probe", "good"));
        edited.awaitAnswer("probe", "good");
        edited.project.write(FILE, text);
        assertThat(edited.awaitRefusal(FILE)).startsWith(line + "|").contains(reason);
        assertThat(edited.get("probe")).isEqualTo("good");
        edited.project.write(FILE, answering("probe", "mended"));
        edited.awaitAnswer("probe", "mended");
        edited.awaitStatus(FILE, "accepted");
        // the timers that were there still fire
        assertThat(edited.serai.runImport("load-users")).isIn("ok", "unchanged");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mistakes")
    void aNewFileWithAMistakeIsRefused(String name, String text, String line, String reason) throws Exception {
        int routes = edited.serai.context().getRoutesSize();
        edited.project.write(FILE, text);
        assertThat(edited.awaitRefusal(FILE)).startsWith(line + "|").contains(reason);
        assertThat(edited.get("probe")).isEqualTo("404");
        assertThat(edited.serai.context().getRoutesSize()).isEqualTo(routes);
    }

    @Test
    void aRefusalShowsNoSecret() throws Exception {
        edited.project.write(FILE, answering("probe", "x") + "        - to: \"log:{{probe.secret-token}}?perid=1\"\n");
        assertThat(edited.awaitRefusal(FILE)).contains("perid").doesNotContain("s3cr3t-of-the-probe");
    }

    @Test
    void filesThatAreNotUtf8OrTooLargeAreRefused() throws Exception {
        edited.project.write(FILE, answering("probe", "good"));
        edited.awaitAnswer("probe", "good");
        Files.write(
                edited.project.root().resolve(FILE),
                answering("probe", "größer").getBytes(StandardCharsets.ISO_8859_1));
        assertThat(edited.awaitRefusal(FILE)).contains("not UTF-8");
        Files.writeString(
                edited.project.root().resolve(FILE), answering("probe", "large") + "# more\n".repeat(700_000));
        soon("it to be too large")
                .untilAsserted(() -> assertThat(edited.edit(FILE)).contains("larger than 4 MB"));
        assertThat(edited.get("probe")).isEqualTo("good");
        // the same text as before is an edit too: it takes the refusal away
        edited.project.write(FILE, answering("probe", "good"));
        edited.awaitStatus(FILE, "accepted");
    }

    @Test
    void theLastOfFiveEditsInASecondTakesEffect() throws Exception {
        for (int i = 1; i <= 5; i++) {
            edited.project.write(FILE, i == 4 ? "- route: [" : answering("probe", "edit " + i));
        }
        edited.awaitAnswer("probe", "edit 5");
        edited.awaitStatus(FILE, "accepted");
    }

    @Test
    void aFileThatReplacesAnotherOfTheSameSizeAndTimeTakesEffect() throws Exception {
        edited.project.write(FILE, answering("probe", "old"));
        edited.awaitAnswer("probe", "old");
        Path file = edited.project.root().resolve(FILE);
        Path next = edited.project.root().resolve("next.tmp");
        Files.writeString(next, answering("probe", "new"));
        Files.setLastModifiedTime(next, Files.getLastModifiedTime(file));
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        edited.awaitAnswer("probe", "new");
    }

    @Test
    void aFileThatWasDeletedAndCreatedAgainTakesEffect() throws Exception {
        edited.project.write(FILE, answering("probe", "old"));
        edited.awaitAnswer("probe", "old");
        edited.delete(FILE);
        edited.awaitAnswer("probe", "404");
        edited.project.write(FILE, answering("probe", "again"));
        edited.awaitAnswer("probe", "again");
    }

    @Test
    void aRouteCanMoveFromOneFileToAnother() throws Exception {
        edited.project.write(FILE, answering("probe", "here"));
        edited.awaitAnswer("probe", "here");
        edited.delete(FILE);
        edited.project.write(OTHER, answering("probe", "there"));
        edited.awaitAnswer("probe", "there");
        edited.awaitStatus(OTHER, "accepted");
    }

    @Test
    void theSecondFileWithAnIdTakesEffectOnceTheIdIsFree() throws Exception {
        edited.project.write(FILE, answering("probe", "first"));
        edited.awaitAnswer("probe", "first");
        edited.project.write(OTHER, answering("probe", "second"));
        assertThat(edited.awaitRefusal(OTHER)).contains("'probe'").contains(FILE);
        assertThat(edited.get("probe")).isEqualTo("first");
        edited.delete(FILE);
        edited.awaitAnswer("probe", "second");
        edited.awaitStatus(OTHER, "accepted");
    }

    @Test
    void aSecondConsumerOfOneEndpointIsRefused() throws Exception {
        edited.project.write(
                FILE,
                answering("probe", "first")
                        + "- route: { id: probe-inner, from: { uri: \"direct:probe\", steps: [ { log: x } ] } }\n");
        edited.awaitAnswer("probe", "first");
        edited.project.write(
                OTHER, "- route: { id: probe-second, from: { uri: \"direct:probe\", steps: [ { log: y } ] } }\n");
        assertThat(edited.awaitRefusal(OTHER)).contains("direct://probe").contains(FILE);
        assertThat(edited.get("probe")).isEqualTo("first");
    }

    @Test
    void aPathThatIsInUseIsRefused() throws Exception {
        edited.project.write(FILE, answering("probe", "first"));
        edited.awaitAnswer("probe", "first");
        edited.project.write(OTHER, answering("probe-second", "second").replace("/probe-second", "/probe"));
        assertThat(edited.awaitRefusal(OTHER)).contains("platform-http").contains(FILE);
        edited.project.write(
                OTHER, answering("probe-second", "second").replace("/probe-second", "/probe?httpMethodRestrict=POST"));
        edited.awaitStatus(OTHER, "accepted");
        assertThat(edited.get("probe")).isEqualTo("first");
    }

    @Test
    void manyFilesTakeEffectAtOnce() throws Exception {
        for (int i = 0; i < 40; i++) {
            edited.project.write("routes/show/probe-" + i + ".camel.yaml", answering("probe-" + i, "many " + i));
        }
        for (int i = 0; i < 40; i++) {
            edited.awaitAnswer("probe-" + i, "many " + i);
            edited.delete("routes/show/probe-" + i + ".camel.yaml");
        }
    }

    private static String kamelet(String step) {
        return """
                apiVersion: camel.apache.org/v1
                kind: Kamelet
                metadata:
                  name: probe-answer
                spec:
                  definition:
                    title: Answer
                    description: Answers.
                    properties:
                      text: { title: Text, description: What is said., type: string }
                  template:
                    from:
                      uri: kamelet:source
                      steps:
                        - %s
                """.formatted(step);
    }

    private static String using(String id) {
        return answering(id, "nothing")
                + "        - to:\n            uri: kamelet:probe-answer\n            parameters: { text: hello }\n";
    }

    @Test
    void aChangedKameletTakesEffectInAllItsUsers() throws Exception {
        edited.project.write(KAMELET, kamelet("setBody: { constant: \"{{text}} one\" }"));
        edited.project.write(FILE, using("probe"));
        edited.project.write(OTHER, using("probe-other"));
        edited.awaitAnswer("probe", "hello one");
        edited.awaitAnswer("probe-other", "hello one");
        edited.project.write(KAMELET, kamelet("setBody: { constant: \"{{text}} two\" }"));
        edited.awaitAnswer("probe", "hello two");
        edited.awaitAnswer("probe-other", "hello two");
    }

    @Test
    void aKameletWithWhichItsUsersCannotStartIsRefused() throws Exception {
        edited.project.write(KAMELET, kamelet("setBody: { constant: \"{{text}} one\" }"));
        edited.project.write(FILE, using("probe"));
        edited.awaitAnswer("probe", "hello one");
        for (String broken : List.of(
                "bean: { ref: noSuchBean, method: go }", "setBody: { constant: \"{{tekst}}\" }", "setBoby: x", "[")) {
            edited.project.write(KAMELET, kamelet(broken));
            soon("the kamelet to be refused for " + broken)
                    .until(() -> edited.edit(KAMELET).startsWith("refused|"));
            assertThat(edited.edit(FILE)).startsWith("accepted|");
            assertThat(edited.get("probe")).isEqualTo("hello one");
            edited.project.write(KAMELET, kamelet("setBody: { constant: \"{{text}} one\" }"));
            edited.awaitStatus(KAMELET, "accepted");
        }
        edited.project.write(KAMELET, kamelet("setBody: { constant: \"{{text}} mended\" }"));
        edited.awaitAnswer("probe", "hello mended");
    }

    @Test
    void aRemovedKameletIsKeptWhileItIsUsed() throws Exception {
        edited.project.write(KAMELET, kamelet("setBody: { constant: \"{{text}} one\" }"));
        edited.project.write(FILE, using("probe"));
        edited.awaitAnswer("probe", "hello one");
        edited.delete(KAMELET);
        assertThat(edited.awaitRefusal(KAMELET)).contains(FILE);
        assertThat(edited.get("probe")).isEqualTo("hello one");
        edited.project.write(FILE, answering("probe", "without"));
        edited.awaitAnswer("probe", "without");
        soon("the kamelet to go").until(() -> edited.edit(KAMELET).isEmpty());
    }

    @Test
    void aKameletThatComesWithItsRouteOrLaterTakesEffect() throws Exception {
        edited.project.write(FILE, using("probe"));
        assertThat(edited.awaitRefusal(FILE)).contains("probe-answer");
        edited.project.write(KAMELET, kamelet("setBody: { constant: \"{{text}} late\" }"));
        edited.awaitAnswer("probe", "hello late");
        edited.awaitStatus(FILE, "accepted");
    }

    @Test
    void changedErrorHandlingTakesEffectInAllRoutes() throws Exception {
        edited.project.write(
                FILE,
                answering("probe", "x")
                        + "        - throwException: { exceptionType: java.lang.IllegalStateException, message: thrown }\n");
        edited.awaitAnswer("probe", "500");
        edited.project.write(ERRORS, handling("java.lang.IllegalStateException", "handled"));
        edited.awaitAnswer("probe", "handled");
        edited.project.write(ERRORS, handling("java.lang.NoSuchException", "broken"));
        assertThat(edited.awaitRefusal(ERRORS)).contains("NoSuchException");
        assertThat(edited.get("probe")).isEqualTo("handled");
        edited.project.write(ERRORS, errors);
        edited.awaitAnswer("probe", "500");
    }

    private static String handling(String exception, String answer) {
        return """
                - routeConfiguration:
                    onException:
                      - onException:
                          exception: [ %s ]
                          handled: { constant: "true" }
                          steps:
                            - setBody: { constant: "%s" }
                """.formatted(exception, answer);
    }
}
