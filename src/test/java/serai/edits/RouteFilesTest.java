package serai.edits;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.camel.dsl.yaml.YamlRoutesBuilderLoader;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.Yaml;

/** Every file that an operator reads is what Camel's schema says, describes itself, and is named as what is in it. */
class RouteFilesTest {

    private static final JsonSchema SCHEMA = schema();

    private static JsonSchema schema() {
        try (InputStream in = YamlRoutesBuilderLoader.class.getResourceAsStream("/schema/camelYamlDsl.json")) {
            return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V4).getSchema(in);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    static List<Path> routes() throws IOException {
        return filesThatEndWith(".camel.yaml");
    }

    static List<Path> kamelets() throws IOException {
        return filesThatEndWith(".kamelet.yaml");
    }

    private static List<Path> filesThatEndWith(String end) throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("routes"))) {
            return files.filter(f -> f.toString().endsWith(end)).sorted().toList();
        }
    }

    private static JsonNode read(Path file) throws IOException {
        return new ObjectMapper().valueToTree(new Yaml().load(Files.readString(file)));
    }

    private static String name(Path file, String end) {
        String name = file.getFileName().toString();
        return name.substring(0, name.length() - end.length());
    }

    @ParameterizedTest
    @MethodSource("routes")
    void everyRouteFileFollowsTheSchema(Path file) throws IOException {
        Set<ValidationMessage> problems = SCHEMA.validate(read(file));
        assertThat(problems).isEmpty();
    }

    @ParameterizedTest
    @MethodSource({"routes", "kamelets"})
    void everyRouteFileBeginsWithASentenceForOperators(Path file) throws IOException {
        assertThat(Files.readString(file)).matches("(?s)# [A-Z][^\\n]{20,}.*");
        assertThat(Files.readString(file)
                        .lines()
                        .takeWhile(l -> l.startsWith("#"))
                        .reduce((a, b) -> b)
                        .orElse(""))
                .endsWith(".");
    }

    @ParameterizedTest
    @MethodSource("routes")
    void namesItsRoutesAfterItsRoom(Path file) throws IOException {
        String room = file.getParent().getFileName().toString();
        JsonNode parts = read(file);
        for (JsonNode part : parts) {
            if (part.has("route")) {
                assertThat(part.at("/route/id").asText()).startsWith(room + "-").matches("[a-z0-9-]+");
            }
        }
        if (parts.size() == 1 && parts.get(0).has("route")) {
            String id = parts.at("/0/route/id").asText();
            assertThat(name(file, ".camel.yaml")).isIn(id, id.substring(room.length() + 1));
        }
    }

    @ParameterizedTest
    @MethodSource("routes")
    void namesNoJava(Path file) throws IOException {
        assertThat(Files.readString(file)).doesNotContain("bean:", "serai.", "#class");
    }

    @ParameterizedTest
    @MethodSource("kamelets")
    void everyKameletDescribesItsProperties(Path file) throws IOException {
        JsonNode kamelet = read(file);
        assertThat(kamelet.at("/metadata/name").asText()).isEqualTo(name(file, ".kamelet.yaml"));
        JsonNode definition = kamelet.at("/spec/definition");
        assertThat(definition.path("title").asText()).isNotBlank();
        assertThat(definition.path("description").asText()).isNotBlank();
        definition.path("properties").properties().forEach(p -> {
            assertThat(p.getValue().path("title").asText()).as(p.getKey()).isNotBlank();
            assertThat(p.getValue().path("description").asText()).as(p.getKey()).isNotBlank();
            assertThat(p.getValue().path("type").asText())
                    .as(p.getKey())
                    .isIn("string", "integer", "number", "boolean");
        });
        definition
                .path("required")
                .forEach(r -> assertThat(definition.path("properties").has(r.asText()))
                        .as(r.asText())
                        .isTrue());
    }
}
