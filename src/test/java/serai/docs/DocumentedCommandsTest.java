package serai.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import serai.Commands;
import serai.SeraiSettings;
import serai.command.CommandContext;

/**
 * Command lines in blocks with the mark {@code command}, and those in backticks that begin with {@code mvn} or
 * {@code java}: commands and options are known, and what they name is there. {@link DocumentedExamplesIT} runs those
 * with {@code curl}.
 */
class DocumentedCommandsTest {

    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");

    static List<String> commands() {
        Stream<String> blocks = Page.blocks("command").stream().flatMap(block -> block.lines().stream());
        Stream<String> codes = Page.all().stream()
                .flatMap(page -> page.codes().stream())
                .filter(code -> code.matches("(mvn|java|SERAI_\\w+=\\S+ java) .*"));
        return Stream.concat(blocks, codes).distinct().toList();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void aCommandLineIsUnderstood(String line) throws Exception {
        List<String> words = words(line.replaceFirst("^SERAI_\\w+=\\S+ ", ""));
        switch (words.get(0)) {
            case "mvn" -> checkMaven(words);
            case "java" -> checkJava(words);
            case "curl" -> assertThat(DocumentedExamplesIT.addresses()).isNotEmpty();
            case "apt-get" -> assertThat(Files.readString(Path.of(".ci/run"))).contains(words.get(2));
            default -> throw new AssertionError("no check for: " + line);
        }
    }

    private static void checkMaven(List<String> words) throws Exception {
        String pom = Files.readString(Path.of("pom.xml"));
        for (String word : words.subList(1, words.size())) {
            if (word.startsWith("-P")) {
                assertThat(pom).contains("<id>" + word.substring(2) + "</id>");
            } else if (word.startsWith("-Dtest=") || word.startsWith("-Dit.test=")) {
                String name = word.substring(word.indexOf('=') + 1);
                assertThat(name.equals("None") || isTest(name)).as(word).isTrue();
            } else if (word.startsWith("-Dbench=")) {
                String bench = word.substring("-Dbench=".length()).split(":")[0];
                assertThat(bench.equals("NAME")
                                || Files.readString(Path.of("src/demo/java/serai/demo/bench/Bench.java"))
                                        .contains('"' + bench + '"'))
                        .as(word)
                        .isTrue();
            } else if (word.matches("[a-z]+:[a-z]+")) {
                String plugin = word.split(":")[0];
                assertThat(pom).containsAnyOf("maven-" + plugin + "-plugin", plugin + "-maven-plugin");
            } else {
                assertThat(word)
                        .isIn(
                                "test",
                                "verify",
                                "package",
                                "-o",
                                "-DskipTests",
                                "-Dserai.docs.write=true",
                                "-Des9.java=DIR",
                                "-Dskip.unit.tests=true",
                                "-Dpg.regress=DIR",
                                "-Dsurefire.failIfNoSpecifiedTests=false");
            }
        }
    }

    private static boolean isTest(String name) throws Exception {
        try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
            return files.anyMatch(file -> file.getFileName().toString().equals(name + ".java"));
        }
    }

    private static void checkJava(List<String> words) throws Exception {
        int jar = words.indexOf("-jar");
        assertThat(words.get(jar + 1)).isEqualTo("target/serai.jar");
        List<String> arguments = words.subList(jar + 2, words.size());
        if (!arguments.isEmpty()) {
            try (CommandContext context = new CommandContext(Path.of(""), SeraiSettings.GROUPS)) {
                Commands.of(context).parseArgs(arguments.toArray(String[]::new));
            }
            for (String argument : arguments) {
                if (argument.contains("/")) {
                    assertThat(Path.of(argument)).exists();
                }
            }
        }
    }

    private static List<String> words(String line) {
        List<String> words = new ArrayList<>();
        Matcher word = WORD.matcher(line);
        while (word.find()) {
            words.add(word.group(1) != null ? word.group(1) : word.group(2));
        }
        return words;
    }
}
