package serai.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.Yaml;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import serai.Commands;
import serai.SeraiSettings;
import serai.command.CommandContext;
import serai.settings.Setting;
import serai.settings.SettingGroup;
import serai.watch.alerter.AlerterType;
import serai.watch.alerter.Alerters;
import serai.watch.alerter.Option;

/**
 * Parts of pages that are made from their source, between {@code <!-- generated: NAME -->} and {@code <!-- end -->}.
 * {@code mvn test -Dtest=GeneratedPartsTest -Dserai.docs.write=true} writes them again.
 */
class GeneratedPartsTest {

    private static final String WRITE = "serai.docs.write";
    private static final int LONGEST_LINE = 118;

    private interface Source {
        List<String> lines() throws Exception;
    }

    private record Part(String page, String name, Source source) {
        @Override
        public String toString() {
            return page + " " + name;
        }
    }

    static List<Part> parts() {
        return List.of(
                new Part("docs/configure.md", "settings", GeneratedPartsTest::settings),
                new Part("application.properties", "settings", GeneratedPartsTest::shippedFile),
                new Part("docs/routes-and-kamelets.md", "kamelets", GeneratedPartsTest::kamelets),
                new Part("docs/commands.md", "commands", GeneratedPartsTest::commands),
                new Part("docs/star-schema.md", "tests", ModelTexts::tests),
                new Part("docs/star-schema.md", "reports", () -> ModelTexts.of("sql/reports")),
                new Part("docs/star-schema.md", "facts", () -> ModelTexts.of("sql/facts")),
                new Part("docs/star-schema.md", "dimensions", () -> ModelTexts.of("sql/dims")),
                new Part("docs/alerters.md", "alerters", GeneratedPartsTest::alerters),
                new Part("docs/alerters.md", "alerter options", GeneratedPartsTest::alerterOptions));
    }

    @ParameterizedTest
    @MethodSource("parts")
    void theGeneratedPartOfAPageIsThatOfItsSource(Part part) throws Exception {
        Path file = Path.of(part.page());
        List<String> lines = Files.readAllLines(file);
        boolean page = part.page().endsWith(".md");
        int start = lines.indexOf(page ? "<!-- generated: " + part.name() + " -->" : "# generated: " + part.name()) + 1;
        int end = page ? start + lines.subList(start, lines.size()).indexOf("<!-- end -->") : lines.size();
        assertThat(start).as("the mark of the part").isPositive();
        List<String> expected = part.source().lines().stream()
                .map(line -> line.replace("|  |", "| |"))
                .toList();
        if (Boolean.getBoolean(WRITE)) {
            List<String> written = new ArrayList<>(lines.subList(0, start));
            written.addAll(expected);
            written.addAll(lines.subList(end, lines.size()));
            Files.write(file, written);
        } else {
            assertThat(lines.subList(start, end))
                    .as("run mvn test -Dtest=GeneratedPartsTest -D" + WRITE + "=true")
                    .isEqualTo(expected);
        }
    }

    /** Each setting that is declared. */
    private static List<String> settings() {
        List<String> lines = new ArrayList<>();
        for (SettingGroup group : SeraiSettings.GROUPS) {
            heading(lines, group.title());
            lines.addAll(List.of("| setting | default | meaning |", "| --- | --- | --- |"));
            for (Setting<?> setting : group.settings()) {
                String value = setting.defaultText();
                lines.add("| `" + setting.name() + "` | " + (value.isEmpty() ? "" : "`" + value + "`") + " | "
                        + cell(setting.description()) + (setting.type().isSecret() ? " Secret." : "") + " |");
            }
        }
        return lines;
    }

    /** The shipped {@code application.properties}: each setting with its default, which an operator changes there. */
    private static List<String> shippedFile() {
        List<String> lines = new ArrayList<>();
        for (SettingGroup group : SeraiSettings.GROUPS) {
            lines.addAll(List.of("", "# --- " + group.title() + " ---"));
            for (Setting<?> setting : group.settings()) {
                wrapped(setting.description()).forEach(line -> lines.add("# " + line));
                boolean left = setting.isPattern();
                lines.add((left ? "# " : "") + (setting.name() + " = " + setting.defaultText()).strip());
            }
        }
        return lines;
    }

    /** Each kamelet with its properties. */
    private static List<String> kamelets() throws IOException {
        List<String> lines = new ArrayList<>();
        try (Stream<Path> files = Files.list(Path.of("routes/kamelets"))) {
            for (Path file : files.sorted().toList()) {
                JsonNode kamelet = new ObjectMapper().valueToTree(new Yaml().load(Files.readString(file)));
                JsonNode definition = kamelet.at("/spec/definition");
                heading(lines, kamelet.at("/metadata/name").asText());
                lines.addAll(wrapped(definition.path("description").asText()));
                if (definition.path("properties").isObject()) {
                    lines.addAll(List.of("", "| property | default | meaning |", "| --- | --- | --- |"));
                    definition.path("properties").properties().forEach(property -> {
                        JsonNode value = property.getValue();
                        lines.add("| `" + property.getKey() + "` | " + defaultOf(definition, property.getKey(), value)
                                + " | " + cell(value.path("description").asText()) + example(value) + " |");
                    });
                }
            }
        }
        return lines;
    }

    private static String defaultOf(JsonNode definition, String name, JsonNode property) {
        for (JsonNode required : definition.path("required")) {
            if (required.asText().equals(name)) {
                return "required";
            }
        }
        String value = property.path("default").asText();
        return value.isEmpty() ? "" : "`" + value + "`";
    }

    private static String example(JsonNode property) {
        return property.has("example") ? " Example: `" + property.get("example").asText() + "`" : "";
    }

    /** Each command with its arguments and options. */
    private static List<String> commands() throws Exception {
        List<String> lines = new ArrayList<>();
        try (CommandContext context = new CommandContext(Path.of(""), SeraiSettings.GROUPS)) {
            describe(lines, "", Commands.of(context));
        }
        return lines;
    }

    private static void describe(List<String> lines, String parents, CommandLine command) {
        for (CommandLine sub : command.getSubcommands().values()) {
            CommandSpec spec = sub.getCommandSpec();
            String name = parents + spec.name();
            if (!sub.getSubcommands().isEmpty()) {
                describe(lines, name + " ", sub);
                continue;
            }
            heading(lines, "`" + name + "`");
            lines.addAll(wrapped(String.join(" ", spec.usageMessage().description())));
            lines.addAll(List.of("", "| argument or option | meaning |", "| --- | --- |"));
            spec.positionalParameters()
                    .forEach(parameter -> lines.add(row("`" + parameter.paramLabel() + "`", parameter)));
            spec.options().stream()
                    .filter(option -> !option.usageHelp() && !option.versionHelp())
                    .forEach(option -> lines.add(row(
                            "`" + option.longestName() + (option.arity().max() == 0 ? "" : " " + option.paramLabel())
                                    + "`",
                            option)));
        }
    }

    private static String row(String name, ArgSpec argument) {
        return "| " + name + " | " + cell(String.join(" ", argument.description())) + " |";
    }

    /** Each alerter with the options that a rule must have. */
    private static List<String> alerters() {
        List<String> lines = new ArrayList<>(
                List.of("| name | sends to | required | least time between messages |", "| --- | --- | --- | --- |"));
        for (AlerterType type : Alerters.types()) {
            String required = type.options().stream()
                    .filter(Option::isRequired)
                    .map(GeneratedPartsTest::names)
                    .collect(Collectors.joining(", "));
            String pace = type.pace().isZero() ? "" : type.pace().toMillis() + " ms";
            lines.add("| `" + type.name() + "` | " + type.service() + " | " + required + " | " + pace + " |");
        }
        return lines;
    }

    private static List<String> alerterOptions() {
        List<String> lines = new ArrayList<>();
        for (AlerterType type : Alerters.types()) {
            heading(lines, type.name());
            lines.addAll(
                    type.options().isEmpty()
                            ? List.of("It has no options.")
                            : List.of("| option | value | default |", "| --- | --- | --- |"));
            for (Option<?> option : type.options()) {
                String value = option.defaultText().matches("\\[]|\\{}|") ? "" : "`" + option.defaultText() + "`";
                lines.add("| " + names(option) + " | " + cell(option.kind()) + " | "
                        + (option.isRequired() ? "required" : value) + " |");
            }
        }
        return lines;
    }

    private static String names(Option<?> option) {
        return option.names().stream().map(name -> "`" + name + "`").collect(Collectors.joining(", "));
    }

    private static void heading(List<String> lines, String text) {
        if (!lines.isEmpty()) {
            lines.add("");
        }
        lines.addAll(List.of("### " + text, ""));
    }

    static List<String> wrapped(String text) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ")) {
            if (line.length() + word.length() >= LONGEST_LINE) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }

    private static String cell(String text) {
        return text.replace("|", "\\|");
    }
}
