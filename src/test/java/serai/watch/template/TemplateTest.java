package serai.watch.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import serai.watch.rule.Recordings;

class TemplateTest {

    /** Templates with what Jinja2 itself made of them. */
    static Stream<Named<JsonNode>> cases() {
        return StreamSupport.stream(recorded().get("cases").spliterator(), false)
                .map(c -> Named.of(c.get("template").asText(), c));
    }

    private static JsonNode recorded() {
        try (InputStream file = TemplateTest.class.getResourceAsStream("jinja2.json")) {
            return Recordings.JSON.readTree(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void aTemplateRendersWhatJinjaRenders(JsonNode recorded) throws TemplateException {
        Map<String, Object> variables =
                new LinkedHashMap<>(Recordings.fields(recorded().get("variables")));
        variables.put("_data", new LinkedHashMap<>(variables));
        String template = recorded.get("template").asText();

        if (recorded.has("error")) {
            assertThatThrownBy(() -> Template.of(template).render(variables)).isInstanceOf(TemplateException.class);
        } else {
            assertThat(Template.of(template).render(variables))
                    .isEqualTo(recorded.get("expected").asText());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{{ nope.x }}; 'nope' is undefined",
                "{{ user.nope.x }}; 'dict object' has no attribute 'nope'",
                "{{ user.name.x.y }}; 'str object' has no attribute 'x'",
                "{{ 1 / 0 }}; division by zero",
                "{% for a, b in [1] %}{% endfor %}; 'int' object is not iterable"
            })
    void anErrorHasTheMessageOfPython(String template, String reason) throws TemplateException {
        Template read = Template.of(template);

        assertThatThrownBy(() -> read.render(Map.of("user", Map.of("name", "bob"))))
                .isInstanceOf(TemplateException.class)
                .hasMessage(reason);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{ a | nofilter }}",
                "{% if a is nosuchtest %}{% endif %}",
                "{% nosuchtag %}",
                "{% if a %}",
                "{{ a + }}",
                "{% endif %}",
                "{% for x of y %}{% endfor %}",
                "{% if a b %}{% endif %}",
                "{% set x = 1 + %}",
                "{{ a",
                "{% if a %}{{ b | nope }}{% endif %}"
            })
    void aWrongTemplateIsRefusedBeforeItIsRendered(String template) {
        assertThatThrownBy(() -> Template.of(template)).isInstanceOf(TemplateException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{ ____int3rpr3t3r____ }}",
                "{{ ____int3rpr3t3r____.config }}",
                "{{ ''.getClass() }}",
                "{{ ''.class }}",
                "{{ user.getClass().forName('java.lang.Runtime') }}",
                "{{ loop.getClass() }}",
                "{{ [].class.forName('x') }}",
                "{{ n.intValue() }}"
            })
    void noJavaObjectIsReachable(String template) {
        String shown;
        try {
            shown = Template.of(template).render(Map.of("user", Map.of("name", "bob"), "n", 3));
        } catch (TemplateException e) {
            shown = e.getMessage();
        }
        assertThat(shown).doesNotContain("java.").doesNotContain("com.hubspot").doesNotContain("@");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{ open | striptags | length }}",
                "{{ digits | float }}",
                "{{ digits | int }}",
                "{{ open | wordwrap | length }}"
            })
    void longTextsRenderInTime(String template) throws TemplateException {
        Template read = Template.of(template);
        Map<String, Object> values = Map.of("open", "<".repeat(900_000), "digits", "1".repeat(900_000) + "x");

        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> read.render(values));
    }

    @Test
    void aListThatContainsItselfIsAnError() throws TemplateException {
        Template read = Template.of("{% set a = [] %}{% set b = a.append(a) %}{{ a }}");
        assertThatThrownBy(() -> read.render(Map.of())).isInstanceOf(TemplateException.class);
    }

    @Test
    void aDurationHasTheAttributesOfATimedelta() throws TemplateException {
        String template = "{{ t }}|{{ t.days }}|{{ t.seconds }}|{{ t.microseconds }}|{{ t.total_seconds() }}"
                + "|{{ (t.total_seconds() / 60)|int }}";

        assertThat(Template.of(template).render(Map.of("t", Duration.ofMinutes(1505))))
                .isEqualTo("1 day, 1:05:00|1|3900|0|90300.0|1505");
    }

    @Test
    void aValueIsNotRenderedAsATemplate() throws TemplateException {
        assertThat(Template.of("{{ a }}").render(Map.of("a", "{{ 1 + 1 }}{% if x %}")))
                .isEqualTo("{{ 1 + 1 }}{% if x %}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{% for a in range(10000) %}{% for b in range(10000) %}{% for c in range(10000) %}x{% endfor %}{% endfor %}{% endfor %}",
                "{% for a in range(10000) %}{% for b in range(10000) %}{% for c in range(10000) %}{% endfor %}{% endfor %}{% endfor %}",
                "{% set ns = namespace(a='xxxxxxxxxx') %}{% for i in range(100) %}{% set ns.a = ns.a ~ ns.a %}{% endfor %}{{ ns.a }}",
                "{{ 'x' * 100000000000 }}",
                "{{ 9 ** 9 ** 9 }}",
                "{{ 'x'|center(1000000000) }}",
                "{{ '%9999s' % 'x' * 10000 }}",
                "{{ range(1000000000)|list }}",
                "{% macro m(x) %}{{ m(x) }}{{ m(x) }}{% endmacro %}{{ m(1) }}"
            })
    void aTemplateThatGrowsWithoutEndStopsInTime(String template) {
        long started = System.nanoTime();
        String out;
        try {
            out = Template.of(template).render(Map.of());
        } catch (TemplateException e) {
            out = "";
        }
        assertThat(out.length()).isLessThanOrEqualTo(1_000_000);
        assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(20));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/etc/passwd", "../outside.txt", "src/../../outside.txt", "no-such-file.j2"})
    void aFileOutsideTheWorkingDirectoryIsRefused(String name) {
        assertThatThrownBy(() -> Template.file(name))
                .isInstanceOf(TemplateException.class)
                .hasMessageContaining(name);
    }

    @Test
    void theVariablesAreNotChanged() throws TemplateException {
        List<Object> list = new ArrayList<>(List.of(1, 2));

        assertThat(Template.of("{{ l.append(3) }}{{ l }}").render(Map.of("l", list)))
                .isEqualTo("None[1, 2, 3]");

        assertThat(list).containsExactly(1, 2);
    }

    @Test
    void manyThreadsCanRenderAtTheSameTime() throws TemplateException {
        Template template = Template.of("{% for i in range(50) %}{{ i }}:{{ name }} {% endfor %}");
        String expected = template.render(Map.of("name", "x"));

        Stream.iterate(0, i -> i + 1).limit(64).parallel().forEach(i -> {
            try {
                assertThat(template.render(Map.of("name", "n" + i))).isEqualTo(expected.replace("x", "n" + i));
            } catch (TemplateException e) {
                throw new AssertionError(e);
            }
        });
    }
}
