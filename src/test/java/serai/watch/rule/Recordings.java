package serai.watch.rule;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Named;
import serai.watch.alert.AlertRule;

/** What ElastAlert 2 really did, recorded as JSON: one file a subject, in the folder named by {@code serai.cases}. */
public final class Recordings {

    public static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<LinkedHashMap<String, Object>> FIELDS = new TypeReference<>() {};

    /** Built in here, and what the recordings were made with. */
    private static final Set<String> ENHANCEMENTS = Set.of("TimeEnhancement", "earecord.DropEnh");

    private Recordings() {}

    public static Stream<Named<JsonNode>> cases(String subject) {
        Path file = Path.of(
                System.getProperty("serai.cases", "src/test/resources/recordings"), "elastalert", subject + ".json");
        try {
            JsonNode cases = JSON.readTree(file.toFile()).get("cases");
            return StreamSupport.stream(cases.spliterator(), false)
                    .map(c -> Named.of(c.get("name").asText(), c));
        } catch (IOException e) {
            throw new UncheckedIOException("No recordings at " + file + "; -Dserai.cases names their folder", e);
        }
    }

    /** The rule of a case, read from YAML as a rule file is, with the files beside it. */
    public static Rule rule(JsonNode recorded) throws RuleException {
        return loaded(recorded).rule();
    }

    public static RuleLoader.Loaded loaded(JsonNode recorded) throws RuleException {
        Map<String, Object> defaults = new LinkedHashMap<>();
        defaults.put("run_every", Map.of("minutes", 1));
        defaults.put("buffer_time", Map.of("minutes", 15));
        defaults.putAll(fields(recorded.path("config")));
        Path folder = beside(recorded.path("files"));
        RuleLoader loader = new RuleLoader(
                new Options(defaults, Map.of()),
                ZoneOffset.UTC,
                List.of(folder),
                ENHANCEMENTS,
                name -> name.equals("TMP") ? folder.toString() : null);
        Path file = folder.resolve("rule.yaml");
        return loader.load(
                file,
                path -> path.equals(file) ? Optional.of(recorded.get("rule").toPrettyString()) : text(path));
    }

    /** Writes the files of a case to a folder of its own. */
    private static Path beside(JsonNode files) {
        try {
            Path folder =
                    Files.createDirectories(Path.of("target", "recordings")).toAbsolutePath();
            if (files.isEmpty()) {
                return folder;
            }
            Path own = Files.createTempDirectory(folder, "case");
            for (Map.Entry<String, JsonNode> file : files.properties()) {
                Path path = own.resolve(file.getKey());
                Files.createDirectories(path.getParent());
                Files.writeString(
                        path,
                        file.getValue().isTextual()
                                ? file.getValue().asText()
                                : file.getValue().toPrettyString());
            }
            return own;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<String> text(Path file) {
        try {
            return Files.isRegularFile(file) ? Optional.of(Files.readString(file)) : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same with its text and alerters. */
    public static AlertRule alertRule(JsonNode recorded) throws RuleException {
        return AlertRule.of(rule(recorded));
    }

    public static Map<String, Object> fields(JsonNode object) {
        return object.isMissingNode() ? Map.of() : JSON.convertValue(object, FIELDS);
    }

    public static List<Map<String, Object>> matches(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(Recordings::fields)
                .toList();
    }

    /** As it would be read back: numbers of one size compare equal. */
    public static JsonNode json(Object value) {
        try {
            return JSON.readTree(JSON.writeValueAsString(value));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
