package serai.load.replicate.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;

/** What holds for all rules. */
class MappingLawsTest {

    private static final String KEY = "a key for tests only";
    private static final List<String> TABLES = List.of("public.users", "public.user_x", "public.notes", "crm.users");
    private static final List<String> COLUMNS = List.of("id", "email", "e_mail", "eXmail", "name", "body");

    /** A rule of the short form, and the same as AWS DMS writes it. */
    record TwoForms(String section, String name, String mask) {

        String json(int id) {
            String[] names = name.split("\\.");
            String locator = "\"object-locator\": {\"schema-name\": \"" + names[0] + "\", \"table-name\": \"" + names[1]
                    + "\"" + (names.length < 3 ? "" : ", \"column-name\": \"" + names[2] + "\"") + "}";
            String head = "{\"rule-id\": " + id + ", " + locator + ", \"rule-type\": ";
            if (names.length < 3) {
                return head + "\"selection\", \"rule-action\": \"" + (section.equals("tables") ? "include" : "exclude")
                        + "\"}";
            }
            String action = switch (String.valueOf(mask)) {
                case "null" -> "remove-column";
                case "hash" -> "data-masking-hash-mask";
                case "hash-salted" -> "x-hash-salted";
                default -> "data-masking-digits-mask";
            };
            return head + "\"transformation\", \"rule-target\": \"column\", \"rule-action\": \"" + action + "\""
                    + (action.endsWith("digits-mask") ? ", \"value\": \"*\"" : "") + "}";
        }
    }

    @Provide
    Arbitrary<TwoForms> rules() {
        Arbitrary<String> schemas = Arbitraries.of("public", "%", "crm", "p%");
        Arbitrary<String> tables = Arbitraries.of("users", "%", "user_x", "user%", "notes", "[u-z]%");
        Arbitrary<String> columns = Arbitraries.of("email", "e_mail", "e%", "name", "e[_]mail", "body");
        Arbitrary<TwoForms> selections = Combinators.combine(
                        Arbitraries.of("tables", "tables", "without"), schemas, tables)
                .as((section, schema, table) -> new TwoForms(section, schema + "." + table, null));
        Arbitrary<TwoForms> removals = Combinators.combine(schemas, tables, columns)
                .as((schema, table, column) -> new TwoForms("without", schema + "." + table + "." + column, null));
        Arbitrary<TwoForms> masks = Combinators.combine(
                        removals, Arbitraries.of("hash", "hash-salted", "digits-mask *"))
                .as((rule, mask) -> new TwoForms("mask", rule.name(), mask));
        return Arbitraries.oneOf(selections, removals, masks);
    }

    private static Mapping json(List<TwoForms> rules) throws Exception {
        List<String> texts = new ArrayList<>();
        rules.forEach(rule -> texts.add(rule.json(texts.size() + 1)));
        return Mapping.parse(Path.of("m.json"), "{\"rules\": [" + String.join(",", texts) + "]}", "app", KEY);
    }

    private static Mapping yaml(List<TwoForms> rules) throws Exception {
        StringBuilder text = new StringBuilder();
        for (String section : List.of("tables", "without")) {
            text.append(section).append(":\n");
            rules.stream()
                    .filter(rule -> rule.section().equals(section))
                    .forEach(rule -> text.append("- '").append(rule.name()).append("'\n"));
        }
        text.append("mask:\n");
        Map<String, String> masks = new LinkedHashMap<>();
        rules.stream().filter(rule -> rule.mask() != null).forEach(rule -> masks.put(rule.name(), rule.mask()));
        masks.forEach((name, mask) -> text.append("  '" + name + "': '" + mask + "'\n"));
        return Mapping.parse(Path.of("m.yaml"), text.toString(), "app", KEY);
    }

    /** With a rule that selects, and one mask for each name, as the keys of a YAML file are. */
    private static List<TwoForms> complete(List<TwoForms> rules) {
        Map<String, TwoForms> unique = new LinkedHashMap<>();
        unique.put("tables", new TwoForms("tables", "public.%", null));
        rules.forEach(rule -> unique.put(rule.section() + rule.name(), rule));
        return new ArrayList<>(unique.values());
    }

    private static SourceTable table(String name) {
        return TestRow.table(name + " ("
                + COLUMNS.stream().map(column -> column + " text").collect(Collectors.joining(", ")) + ") key (id)");
    }

    private static TestRow row() {
        return TestRow.of(
                COLUMNS.stream().map(column -> "secret-9-of-" + column).toArray(String[]::new));
    }

    /** Everything of a mapping that can be seen. */
    private static String seen(Mapping mapping) throws Exception {
        StringBuilder seen = new StringBuilder();
        for (String name : TABLES) {
            Optional<TablePlan> plan = mapping.plan(table(name));
            seen.append(name)
                    .append(plan.map(p -> p.schema() + "." + p.table() + p.columns() + p.withheld()
                                    + TestRow.arriving(p, row()))
                            .orElse(" is not selected"));
        }
        return seen.toString();
    }

    @Property(tries = 300)
    void theShortFormMeansTheSame(
            @ForAll("rules") TwoForms first, @ForAll @Size(max = 8) List<@From("rules") TwoForms> more)
            throws Exception {
        List<TwoForms> rules = new ArrayList<>(more);
        rules.add(first);
        List<TwoForms> complete = complete(rules);

        assertThat(seen(yaml(complete))).isEqualTo(seen(json(complete)));
    }

    @Property(tries = 300)
    void theOrderOfRulesDoesNotMatter(@ForAll @Size(max = 8) List<@From("rules") TwoForms> some, @ForAll long seed)
            throws Exception {
        List<TwoForms> rules = complete(some);
        List<TwoForms> shuffled = new ArrayList<>(rules);
        Collections.shuffle(shuffled, new Random(seed));

        assertThat(seen(json(shuffled))).isEqualTo(seen(json(rules)));
    }

    @Property(tries = 300)
    void anExcludedTableNeverArrives(@ForAll @Size(max = 8) List<@From("rules") TwoForms> some, @ForAll long seed)
            throws Exception {
        List<TwoForms> rules = complete(some);
        rules.add(new TwoForms("without", "public.users", null));
        Collections.shuffle(rules, new Random(seed));

        assertThat(json(rules).plan(table("public.users"))).isEmpty();
    }

    @Property(tries = 300)
    void whatIsRemovedOrMaskedIsInNoOutput(@ForAll @Size(max = 8) List<@From("rules") TwoForms> some) throws Exception {
        List<TwoForms> rules = complete(some);
        Mapping mapping = json(rules);
        for (String name : TABLES) {
            Optional<TablePlan> plan = mapping.plan(table(name));
            if (plan.isEmpty()) {
                continue;
            }
            String output = TestRow.arriving(plan.get(), row()).values().toString();
            for (TwoForms rule : rules) {
                String[] names = rule.name().split("\\.");
                COLUMNS.stream()
                        .filter(column -> names.length == 3
                                && matches(names[0] + "." + names[1], name)
                                && matches(names[2], column))
                        .forEach(column -> assertThat(output).doesNotContain("secret-9-of-" + column));
            }
        }
    }

    @Property(tries = 200)
    void aComputedColumnDoesNotCarryWhatIsRemoved(
            @ForAll("expressions") String expression, @ForAll("columns") String removed) throws Exception {
        Mapping mapping = Mapping.parse(
                Path.of("m.json"),
                "{\"rules\": [" + new TwoForms("tables", "public.%", null).json(1) + ","
                        + new TwoForms("without", "public.users." + removed, null).json(2)
                        + ",{\"rule-type\": \"transformation\", \"rule-id\": 3, \"rule-target\": \"column\","
                        + " \"rule-action\": \"add-column\", \"value\": \"computed\", \"expression\": \"" + expression
                        + "\", \"object-locator\": {\"schema-name\": \"public\", \"table-name\": \"users\"}}]}",
                "app",
                KEY);
        try {
            TablePlan plan = mapping.plan(table("public.users")).orElseThrow();
            assertThat(TestRow.arriving(plan, row()).values().toString())
                    .doesNotContainIgnoringCase("secret-9-of-" + removed);
        } catch (TableRefusedException e) {
            assertThat(ColumnExpression.parse(expression).exposed()).contains(removed);
        }
    }

    @Provide
    Arbitrary<String> columns() {
        return Arbitraries.of("email", "name", "body");
    }

    @Provide
    Arbitrary<String> expressions() {
        Arbitrary<String> leaf = columns().map(column -> "$" + column);
        return Arbitraries.recursive(
                () -> leaf,
                part -> Combinators.combine(
                                Arbitraries.of(
                                        "lower(<a>)",
                                        "email_domain(<a>)",
                                        "length(<a>)",
                                        "x_hash_salted(<a>)",
                                        "<a> || <b>",
                                        "CASE WHEN is_null(<a>) THEN <b> END",
                                        "coalesce(<a>, <b>)",
                                        "replace(<a>, 'x', <b>)"),
                                part,
                                part)
                        .as((form, a, b) -> form.replace("<a>", a).replace("<b>", b)),
                1,
                3);
    }

    /** An independent reading of patterns: letter by letter. */
    private static boolean matches(String pattern, String name) {
        if (pattern.isEmpty()) {
            return name.isEmpty();
        }
        char first = pattern.charAt(0);
        if (first == '%') {
            return matches(pattern.substring(1), name) || !name.isEmpty() && matches(pattern, name.substring(1));
        }
        if (name.isEmpty()) {
            return false;
        }
        if (first == '[') {
            int end = pattern.indexOf(']');
            String set = pattern.substring(1, end);
            boolean in = set.length() == 3 && set.charAt(1) == '-'
                    ? name.charAt(0) >= set.charAt(0) && name.charAt(0) <= set.charAt(2)
                    : set.indexOf(name.charAt(0)) >= 0;
            return in && matches(pattern.substring(end + 1), name.substring(1));
        }
        return (first == '_' || first == name.charAt(0)) && matches(pattern.substring(1), name.substring(1));
    }

    @Property
    void patternsMatchLetterByLetter(@ForAll("patterns") String pattern, @ForAll("names") String name) {
        assertThat(NamePattern.wildcards(pattern).matches(name)).isEqualTo(matches(pattern, name));
        assertThat(NamePattern.exact(name).matches(name)).isTrue();
        if (NamePattern.literalUnderscore(pattern).matches(name)) {
            assertThat(NamePattern.wildcards(pattern).matches(name)).isTrue();
        }
    }

    @Provide
    Arbitrary<String> patterns() {
        return Arbitraries.of("a", "b", "_", "%", "[_]", "[ab]", "[a-c]", ".", "$")
                .list()
                .ofMaxSize(6)
                .map(parts -> String.join("", parts));
    }

    @Provide
    Arbitrary<String> names() {
        return Arbitraries.strings()
                .withChars('a', 'b', 'c', '_', '.', '$', '\n')
                .ofMaxLength(6);
    }

    @Property(tries = 200)
    void masksAreTheSameEachTimeAndKeepNull(@ForAll("rules") TwoForms rule, @ForAll String value) throws Exception {
        Mapping mapping = json(complete(List.of(rule)));
        TablePlan plan = mapping.plan(table("public.users")).orElse(null);
        if (plan == null) {
            return;
        }
        String[] values = new String[COLUMNS.size()];
        Arrays.fill(values, value);
        TestRow row = TestRow.of(values);
        TestRow nulls = TestRow.of(new String[COLUMNS.size()]);

        assertThat(TestRow.arriving(plan, row)).isEqualTo(TestRow.arriving(plan, row));
        assertThat(TestRow.arriving(plan, nulls).values()).containsOnlyNulls();
    }
}
