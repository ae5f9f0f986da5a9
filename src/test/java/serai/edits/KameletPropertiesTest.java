package serai.edits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.yaml.snakeyaml.Yaml;

class KameletPropertiesTest {

    private static final Path ROUTE = Path.of("routes/load/own.camel.yaml");
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Values that are easy to lose on the way through an address, a bean's method or a property. */
    private static final List<String> HOSTILE = List.of(
            "it's",
            "a,b",
            "dept=R&D;plan=pro",
            "a=b",
            "\"q\"",
            "back\\slash",
            "a\\nb",
            "a+b",
            "%41%",
            "a?b#c",
            " lead and trail ",
            "${body}",
            "a)b",
            "a}b",
            "a)b}c",
            "RAW(x)",
            "ä€𝄞",
            "#x",
            "#bean:x",
            "#class:java.lang.Object",
            "resource:x",
            "line\nend",
            "line\r\nend",
            "tab\tbed",
            "?card=1&lookback=2");

    /** Takes what a kamelet hands on, by name. */
    public static final class Taker {

        private String value;

        /** The property. */
        public void setValue(String value) {
            this.value = value;
        }

        /** What arrived. */
        public String value() {
            return value;
        }
    }

    private record Shipped(String name, Map<String, Map<String, Object>> properties, List<String> required) {

        /** A value that fits: its example, else its default, else a number. */
        String fitting(String property) {
            Map<String, Object> declared = properties.get(property);
            Object value = declared.get("example") != null ? declared.get("example") : declared.get("default");
            String other = "columns".equals(declared.get("format")) ? "a" : "12";
            return value == null || value.toString().isEmpty() ? other : value.toString();
        }
    }

    @SuppressWarnings("unchecked")
    private static List<Shipped> shipped() throws IOException {
        List<Shipped> shipped = new ArrayList<>();
        try (Stream<Path> files = Files.list(Path.of("routes/kamelets"))) {
            for (Path file : files.sorted().toList()) {
                Map<String, Map<String, Map<String, Object>>> kamelet = new Yaml().load(Files.readString(file));
                Map<String, Object> definition = kamelet.get("spec").get("definition");
                shipped.add(new Shipped(
                        RouteSources.kameletName(file),
                        (Map<String, Map<String, Object>>) definition.getOrDefault("properties", Map.of()),
                        (List<String>) definition.getOrDefault("required", List.of())));
            }
        }
        return shipped;
    }

    private static String route(String kamelet, Map<String, String> values) throws IOException {
        StringBuilder text = new StringBuilder("""
                # own
                - route:
                    id: own
                    from:
                      uri: direct:own
                      steps:
                        - to:
                            uri: kamelet:%s
                """.formatted(kamelet));
        text.append(values.isEmpty() ? "" : "            parameters:\n");
        for (Map.Entry<String, String> value : values.entrySet()) {
            text.append("              %s: %s\n".formatted(value.getKey(), JSON.writeValueAsString(value.getValue())));
        }
        return text.toString();
    }

    private static void check(String kamelet, String route) throws Exception {
        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            KameletProperties properties = new KameletProperties(camel);
            Path file = Path.of("routes/kamelets", kamelet + ".kamelet.yaml");
            properties.checked(file, Files.readString(file));
            properties.checked(ROUTE, route);
        }
    }

    private static int lineOf(String route, String key) {
        List<String> lines = route.lines().toList();
        // the last one: a property may have the name 'parameters'
        for (int i = lines.size() - 1; i >= 0; i--) {
            if (lines.get(i).strip().startsWith(key)) {
                return i + 1;
            }
        }
        throw new AssertionError(key + " is not in " + route);
    }

    private static void assertRefused(String kamelet, String route, String at, String about) {
        assertThatThrownBy(() -> check(kamelet, route)).isInstanceOfSatisfying(EditRefusedException.class, e -> {
            assertThat(e.refusal().line()).isEqualTo(lineOf(route, at));
            assertThat(e.refusal().reason()).contains("kamelet:" + kamelet).contains(about);
        });
    }

    /** Each property of each shipped kamelet: removed, misspelt, empty, a list, and of another type or format. */
    @TestFactory
    Stream<DynamicTest> aMistakeInAPropertyOfAShippedKameletIsRefusedWithItsLine() throws Exception {
        List<DynamicTest> tests = new ArrayList<>();
        for (Shipped kamelet : shipped()) {
            Map<String, String> all = new TreeMap<>();
            kamelet.properties().keySet().forEach(name -> all.put(name, kamelet.fitting(name)));
            tests.add(DynamicTest.dynamicTest(
                    kamelet.name() + " as it should be", () -> check(kamelet.name(), route(kamelet.name(), all))));
            for (String name : kamelet.properties().keySet()) {
                if (kamelet.required().contains(name)) {
                    tests.add(DynamicTest.dynamicTest(kamelet.name() + " without " + name, () -> {
                        Map<String, String> values = new TreeMap<>(all);
                        values.remove(name);
                        assertRefused(kamelet.name(), route(kamelet.name(), values), "uri: kamelet", "'" + name + "'");
                    }));
                    tests.add(mistake(kamelet, all, name, ""));
                }
                tests.add(DynamicTest.dynamicTest(kamelet.name() + " with " + name + " misspelt", () -> {
                    Map<String, String> values = new TreeMap<>(all);
                    values.put(name + "x", values.remove(name));
                    assertRefused(
                            kamelet.name(), route(kamelet.name(), values), name + "x:", "did you mean '" + name + "'?");
                }));
                tests.add(DynamicTest.dynamicTest(kamelet.name() + " with a list as " + name, () -> {
                    String text = route(kamelet.name(), all).replaceFirst(name + ": .*", name + ": [1, 2]");
                    assertRefused(kamelet.name(), text, name + ":", "list");
                }));
                for (String wrong : wrong(kamelet.properties().get(name))) {
                    tests.add(mistake(kamelet, all, name, wrong));
                }
            }
        }
        return tests.stream();
    }

    private static DynamicTest mistake(Shipped kamelet, Map<String, String> all, String name, String wrong) {
        return DynamicTest.dynamicTest(kamelet.name() + " with " + name + " = '" + wrong + "'", () -> {
            Map<String, String> values = new TreeMap<>(all);
            values.put(name, wrong);
            assertRefused(kamelet.name(), route(kamelet.name(), values), name + ":", "'" + name + "'");
        });
    }

    private static List<String> wrong(Map<String, Object> declared) {
        List<String> wrong = new ArrayList<>(
                switch (String.valueOf(declared.get("type"))) {
                    case "integer" -> List.of("many", "1.5", "1e3", "99999999999999999999");
                    case "number" -> List.of("many", "1,5", "NaN");
                    case "boolean" -> List.of("yes", "True", "1");
                    default -> List.of();
                });
        wrong.addAll(
                switch (String.valueOf(declared.get("format"))) {
                    case "duration", "duration-or-all" ->
                        List.of("72", "ALL", "-1h", "3 days", "96x", "0h", "All", "1h -2m");
                    case "cron" -> List.of("daily", "0 0 * * *", "99 * * * * ?");
                    case "zone" -> List.of("Mars/Base", "Europe/Berln", "GMT-5", "UTC+3", "+02:00");
                    case "date" -> List.of("2024-13-01", "2024-02-30", "01.02.2024", "today");
                    case "relation" -> List.of("web_sessions", "a.b.c", "landing.", "Landing.x", "landing.x; drop");
                    case "column" -> List.of("a,b", "A", "a b", "1a");
                    case "columns" -> List.of("a,,b", "A", "a;b");
                    default -> List.of();
                });
        return wrong;
    }

    /** A kamelet of an operator's own, whose property goes to a bean by name and into the route's text. */
    @TestFactory
    Stream<DynamicTest> aValueArrivesWholeOrIsRefusedWithItsLine() {
        return HOSTILE.stream()
                .map(value -> DynamicTest.dynamicTest(JSON.valueToTree(value).toString(), () -> {
                    String route = route("probe", Map.of("value", value));
                    try (DefaultCamelContext camel = new DefaultCamelContext()) {
                        camel.start();
                        RouteInstaller installer = new RouteInstaller(
                                camel, List.of(), new RouteOwnership(List.of()), Duration.ofSeconds(1));
                        installer.add(Path.of("routes/kamelets/probe.kamelet.yaml"), """
                        apiVersion: camel.apache.org/v1
                        kind: Kamelet
                        metadata:
                          name: probe
                        spec:
                          definition:
                            title: Probe
                            properties:
                              value: {title: Value, type: string}
                          template:
                            beans:
                              - name: taker
                                type: "#class:serai.edits.KameletPropertiesTest$Taker"
                                properties: {value: "{{value}}"}
                            from:
                              uri: kamelet:source
                              steps:
                                - bean: {ref: "{{taker}}", method: value}
                        """);
                        try {
                            installer.add(ROUTE, route);
                        } catch (EditRefusedException e) {
                            assertThat(e.refusal().line()).as(e.getMessage()).isEqualTo(lineOf(route, "value:"));
                            assertThat(value).matches("(?s).*[\\r\\n\\t].*|#(bean|class):.*|.*\\).*}.*");
                            return;
                        }
                        camel.start();
                        assertThat(camel.createProducerTemplate().requestBody("direct:own", "x"))
                                .isEqualTo(value.equals("RAW(x)") ? "x" : value);
                    }
                }));
    }

    @Test
    void linesKeepTheirNumbersWhenAValueOfManyLinesIsWrittenInOne() throws Exception {
        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            KameletProperties properties = new KameletProperties(camel);
            properties.checked(Path.of("routes/kamelets/probe.kamelet.yaml"), """
                    spec:
                      definition:
                        properties:
                          value: {type: string}
                    """);
            String text = """
                    - route:
                        from:
                          uri: direct:a
                          steps:
                            - to:
                                uri: kamelet:probe
                                parameters:
                                  value: >-
                                    one ä𝄞
                                    two & three
                            - to: log:end
                    """;
            String written = properties.checked(ROUTE, text);
            assertThat(written).contains("RAW(one ä𝄞 two & three)");
            assertThat(lineOf(written, "- to: log:end")).isEqualTo(lineOf(text, "- to: log:end"));
            assertThat(new Yaml().<Object>load(written)).isNotNull();
        }
    }

    @Test
    void usesOfAllFormsAreChecked() {
        for (String use : List.of(
                "- to: kamelet:replace-window?lookbak=1",
                "- toD: {uri: 'kamelet:replace-window', parameters: {lookbak: 1}}",
                "- kamelet: {name: replace-window, parameters: {lookbak: 1}}",
                "- kamelet: replace-window?lookbak=1",
                "- wireTap: {uri: 'kamelet:replace-window?lookbak=1'}",
                "- choice: {when: [{simple: x, steps: [{to: 'kamelet:replace-window?lookbak=1'}]}]}")) {
            assertThatThrownBy(() -> check("replace-window", use))
                    .as(use)
                    .isInstanceOf(EditRefusedException.class)
                    .hasMessageContaining("own.camel.yaml:1: kamelet:replace-window has no property 'lookbak'");
        }
    }

    @Test
    void aKameletWithAnUnknownFormatOrAnUnfitDefaultIsRefusedWithItsLine() {
        for (Map.Entry<String, String> declared : Map.of(
                        "{type: string, format: time}", "format time",
                        "{type: text}", "type text",
                        "{type: integer, default: many}", "the default of x is not a whole number",
                        "{type: string, pattern: '('}", "no regular expression")
                .entrySet()) {
            assertThatThrownBy(() -> KameletDeclaration.read(
                            Path.of("k.kamelet.yaml"),
                            "spec:\n  definition:\n    properties:\n      x: " + declared.getKey() + "\n"))
                    .isInstanceOf(EditRefusedException.class)
                    .hasMessageStartingWith("k.kamelet.yaml:4: ")
                    .hasMessageContaining(declared.getValue());
        }
    }
}
