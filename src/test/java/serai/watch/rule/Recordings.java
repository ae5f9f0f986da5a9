package serai.watch.rule;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import org.junit.jupiter.api.Named;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import serai.watch.alert.AlertRule;

/** What ElastAlert 2 really did, recorded as JSON: one file a subject, in the folder named by {@code serai.cases}. */
public final class Recordings {

    public static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<LinkedHashMap<String, Object>> FIELDS = new TypeReference<>() { };

    /**
     * Options that this version refuses, with a value that asks for something: a recorded rule that has one must be refused by that name.
     * {@link ScopeTest} fails as soon as one of them is accepted, so that its recordings are then run in earnest.
     */
    public static final Map<String, Object> REFUSED = Map.of(
            "alert_text_type", "alert_text_jinja",
            "summary_table_fields", List.of("user"),
            "top_count_keys", List.of("user"),
            "import", "base.yaml",
            "slack_proxy", "127.0.0.1:3128",
            "slack_ca_certs", "/etc/ca.pem",
            "slack_ignore_ssl_errors", true);

    private Recordings() {
    }

    public static Stream<Named<JsonNode>> cases(String subject) {
        Path file = Path.of(System.getProperty("serai.cases", "../shared/cases"), "elastalert", subject + ".json");
        try {
            JsonNode cases = JSON.readTree(file.toFile()).get("cases");
            return StreamSupport.stream(cases.spliterator(), false).map(c -> Named.of(c.get("name").asText(), c));
        } catch (IOException e) {
            throw new UncheckedIOException("No recordings at " + file + "; -Dserai.cases names their folder", e);
        }
    }

    /** The rule of a case, read from YAML as a rule file is. */
    public static Rule rule(JsonNode recorded) throws RuleException {
        Map<String, Object> defaults = new LinkedHashMap<>();
        defaults.put("run_every", Map.of("minutes", 1));
        defaults.put("buffer_time", Map.of("minutes", 15));
        defaults.putAll(fields(recorded.path("config")));
        Options options = RuleFile.read(recorded.get("rule").toPrettyString(), name -> null);
        return Rule.of(options, Path.of("routes/alerts/rule.yaml"), defaults, ZoneOffset.UTC);
    }

    /** The same with its text and alerters. */
    public static AlertRule alertRule(JsonNode recorded) throws RuleException {
        return AlertRule.of(rule(recorded));
    }

    /** Whether the case asks for what is refused, and was refused for that. */
    public static boolean refusedAsSaid(JsonNode recorded) {
        try {
            alertRule(recorded);
            return false;
        } catch (RuleException e) {
            return REFUSED.containsKey(e.field());
        }
    }

    public static Map<String, Object> fields(JsonNode object) {
        return object.isMissingNode() ? Map.of() : JSON.convertValue(object, FIELDS);
    }

    public static List<Map<String, Object>> matches(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false).map(Recordings::fields).toList();
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
