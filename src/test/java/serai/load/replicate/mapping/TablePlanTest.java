package serai.load.replicate.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What becomes of a table, by the kind of rule. */
class TablePlanTest {

    private static final String KEY = "a key for tests only";
    private static final SourceTable USERS = TestRow.table(
            "public.users (id integer, email text, name character varying(40), zip integer, active boolean) key (id)");
    private static final TestRow ADA = TestRow.of("7", "Ada@Example.com", "Ada L", "1010", "t");

    private static Mapping mapping(String... rules) throws Exception {
        StringBuilder text = new StringBuilder("{\"rules\": [\n");
        for (int i = 0; i < rules.length; i++) {
            String id = rules[i].contains("rule-id") ? "" : "\"rule-id\": \"" + (i + 1) + "\", ";
            text.append(i == 0 ? "" : ",\n")
                    .append("{")
                    .append(id)
                    .append(rules[i])
                    .append("}");
        }
        return Mapping.parse(Path.of("m.json"), text.append("\n]}").toString(), "app", KEY);
    }

    private static String select(String action, String schema, String table) {
        return "\"rule-type\": \"selection\", \"rule-action\": \"" + action
                + "\", \"object-locator\": {\"schema-name\": \"" + schema + "\", \"table-name\": \"" + table + "\"}";
    }

    private static String column(String action, String column, String more) {
        return "\"rule-type\": \"transformation\", \"rule-target\": \"column\", \"rule-action\": \"" + action
                + "\", \"object-locator\": {\"schema-name\": \"public\", \"table-name\": \"users\""
                + (column == null ? "" : ", \"column-name\": \"" + column + "\"") + "}" + more;
    }

    private static String add(String name, String expression) {
        return column("add-column", null, ", \"value\": \"" + name + "\", \"expression\": \"" + expression + "\"");
    }

    private static TablePlan users(String... rules) throws Exception {
        String[] all = new String[rules.length + 1];
        all[0] = select("include", "public", "%");
        System.arraycopy(rules, 0, all, 1, rules.length);
        return mapping(all).plan(USERS).orElseThrow();
    }

    private static List<String> names(TablePlan plan) {
        return plan.columns().stream().map(PlannedColumn::name).toList();
    }

    private static PlannedColumn named(TablePlan plan, String name) {
        return plan.columns().stream()
                .filter(column -> column.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aTableWithoutTransformationsArrivesAsItIs() throws Exception {
        TablePlan plan = users();

        assertThat(plan.schema()).isEqualTo("app");
        assertThat(plan.table()).isEqualTo("users");
        assertThat(plan.primaryKey()).containsExactly("id");
        assertThat(plan.columns()).allMatch(PlannedColumn::isCopied).noneMatch(PlannedColumn::changesType);
        assertThat(TestRow.arriving(plan, ADA)).containsExactlyEntriesOf(plainAda());
        assertThat(plan.filter()).isNull();
    }

    private static Map<String, String> plainAda() {
        Map<String, String> row = new LinkedHashMap<>();
        for (int i = 0; i < USERS.columns().size(); i++) {
            row.put(USERS.columns().get(i).name(), ADA.value(i));
        }
        return row;
    }

    @Test
    void excludeWinsInAnyOrder() throws Exception {
        assertThat(mapping(select("exclude", "public", "users"), select("include", "public", "%"))
                        .plan(USERS))
                .isEmpty();
        assertThat(mapping(select("explicit", "public", "users"), select("exclude", "%", "us%"))
                        .plan(USERS))
                .isEmpty();
    }

    @Test
    void anExplicitRuleNamesOneTable() throws Exception {
        Mapping mapping = mapping(select("explicit", "public", "user_notes"));

        assertThat(mapping.plan(TestRow.table("public.user_notes (id integer) key (id)")))
                .isPresent();
        assertThat(mapping.plan(TestRow.table("public.userXnotes (id integer) key (id)")))
                .isEmpty();
    }

    @Test
    void aRemovedColumnNeverArrivesAndIsNotRead() throws Exception {
        TablePlan plan = users(column("remove-column", "%mail", ""));

        assertThat(names(plan)).containsExactly("id", "name", "zip", "active");
        assertThat(plan.withheld()).containsExactly("email");
        assertThat(plan.reads()).containsExactlyInAnyOrder(0, 2, 3, 4);
    }

    @Test
    void anUnderscoreIsAWildcardInARemoval() throws Exception {
        SourceTable table = TestRow.table("public.users (id integer, user_email text, userXemail text) key (id)");
        Mapping mapping = mapping(select("include", "%", "%"), column("remove-column", "user_email", ""));

        assertThat(names(mapping.plan(table).orElseThrow())).containsExactly("id");
        assertThat(mapping.compare(List.of(table)))
                .singleElement()
                .satisfies(finding -> assertThat(finding.message()).contains("userXemail", "[_]"));
    }

    @Test
    void withIncludeColumnANewColumnStaysOut() throws Exception {
        Mapping mapping = mapping(
                select("include", "public", "%"),
                column("include-column", "id", ""),
                column("include-column", "zip", ""));
        SourceTable later = TestRow.table("public.users (id integer, email text, zip integer, phone text) key (id)");

        assertThat(names(mapping.plan(USERS).orElseThrow())).containsExactly("id", "zip");
        assertThat(names(mapping.plan(later).orElseThrow())).containsExactly("id", "zip");
    }

    @Test
    void includeColumnWithoutTheKeyIsRefused() {
        assertThatThrownBy(() -> users(column("include-column", "zip", "")))
                .isInstanceOf(TableRefusedException.class)
                .hasMessageContaining("public.users")
                .hasMessageContaining("'id'");
    }

    @Test
    void removalWinsOverInclusionAndMasks() throws Exception {
        TablePlan plan = users(
                column("include-column", "%", ""),
                column("data-masking-hash-mask", "email", ""),
                column("remove-column", "email", ""));

        assertThat(names(plan)).doesNotContain("email");
    }

    @Test
    void namesAreChangedByOneRuleEach() throws Exception {
        TablePlan plan = mapping(
                        select("include", "public", "%"),
                        "\"rule-type\": \"transformation\", \"rule-target\": \"schema\", \"rule-action\": \"rename\","
                                + " \"object-locator\": {\"schema-name\": \"public\"}, \"value\": \"crm\"",
                        "\"rule-type\": \"transformation\", \"rule-target\": \"table\", \"rule-action\": \"add-prefix\","
                                + " \"object-locator\": {\"schema-name\": \"public\", \"table-name\": \"%\"},"
                                + " \"value\": \"p_\"",
                        column("rename", "zip", ", \"value\": \"postcode\""),
                        column("convert-uppercase", "%", ""))
                .plan(USERS)
                .orElseThrow();

        assertThat(plan.schema() + "." + plan.table()).isEqualTo("crm.p_users");
        assertThat(names(plan)).containsExactly("ID", "EMAIL", "NAME", "postcode", "ACTIVE");
        assertThat(plan.primaryKey()).containsExactly("ID");
        assertThat(plan.warnings()).singleElement().asString().contains("rule 5", "zip", "rule 4");
    }

    @Test
    void prefixesAndSuffixesAreReplacedWhereTheyAre() throws Exception {
        TablePlan plan = users(
                column("replace-prefix", "%", ", \"value\": \"e_\", \"old-value\": \"e\""),
                column("remove-suffix", "%", ", \"value\": \"ve\""),
                column("replace-suffix", "%", ", \"value\": \"P\", \"old-value\": \"p\""),
                column("add-suffix", "name", ", \"value\": \"_2\""),
                column("remove-prefix", "%", ", \"value\": \"i\""));

        assertThat(names(plan)).containsExactly("d", "e_mail", "name_2", "ziP", "acti");
    }

    @Test
    void twoColumnsOfOneNameAreRefused() {
        assertThatThrownBy(() -> users(column("rename", "name", ", \"value\": \"email\"")))
                .isInstanceOf(TableRefusedException.class)
                .hasMessageContaining("'email'");
    }

    @Test
    void typesAreChanged() throws Exception {
        TablePlan plan = users(
                column("change-data-type", "zip", ", \"data-type\": {\"type\": \"string\", \"length\": \"12\"}"),
                column("change-data-type", "id", ", \"data-type\": {\"type\": \"int8\"}"));

        assertThat(named(plan, "zip").type()).isEqualTo("character varying(12)");
        assertThat(named(plan, "id").type()).isEqualTo("bigint");
        assertThat(named(plan, "zip").isCopied()).isTrue();
        assertThat(named(plan, "zip").changesType()).isTrue();
        assertThat(named(plan, "name").type()).isEqualTo("character varying(40)");
    }

    @Test
    void aLocatorCanLimitARuleToColumnsOfAType() throws Exception {
        TablePlan plan = mapping(
                        select("include", "public", "%"),
                        "\"rule-type\": \"transformation\", \"rule-target\": \"column\", \"rule-action\":"
                                + " \"change-data-type\", \"object-locator\": {\"schema-name\": \"public\","
                                + " \"table-name\": \"users\", \"column-name\": \"%\", \"data-type\": \"int4\"},"
                                + " \"data-type\": {\"type\": \"int8\"}")
                .plan(USERS)
                .orElseThrow();

        assertThat(plan.columns().stream().filter(PlannedColumn::changesType).map(PlannedColumn::name))
                .containsExactly("id", "zip");
    }

    @Test
    void masksApplyAndWidenTheColumn() throws Exception {
        TablePlan plan = users(
                column("data-masking-hash-mask", "name", ""),
                column("data-masking-digits-mask", "email", ", \"value\": \"*\""),
                column("data-masking-digits-randomize", "zip", ""));

        assertThat(named(plan, "name").type()).isEqualTo("text");
        assertThat(named(plan, "name").value(ADA)).matches("[0-9A-F]{64}");
        assertThat(named(plan, "zip").type()).isEqualTo("integer");
        assertThat(named(plan, "zip").value(ADA)).matches("[0-9]{4}");
        assertThat(named(plan, "email").value(TestRow.of("7", "a1@b22.c", null, null, null)))
                .isEqualTo("a*@b**.c");
        assertThat(named(plan, "name").isCopied()).isFalse();
    }

    @Test
    void theStricterOfTwoMasksWins() throws Exception {
        TablePlan plan = users(
                column("data-masking-digits-mask", "email", ", \"value\": \"*\""),
                column("data-masking-hash-mask", "email", ""),
                column("x-hash-salted", "e%", ""));

        assertThat(named(plan, "email").value(ADA))
                .isEqualTo(new ColumnMask.SaltedHash(KEY).mask("Ada@Example.com"))
                .isNotEqualTo(new ColumnMask.Hash().mask("Ada@Example.com"));
    }

    @Test
    void digitsOfOtherTypesAndOfKeysAreNotMasked() {
        assertThatThrownBy(() -> users(column("data-masking-digits-mask", "active", ", \"value\": \"*\"")))
                .hasMessageContaining("boolean")
                .hasMessageContaining("change-data-type");
        assertThatThrownBy(() -> users(column("data-masking-digits-randomize", "id", "")))
                .hasMessageContaining("key column 'id'");
    }

    @Test
    void aKeyMayBeHashed() throws Exception {
        TablePlan plan = users(column("x-hash-salted", "id", ""));

        assertThat(plan.primaryKey()).containsExactly("id");
        assertThat(named(plan, "id").type()).isEqualTo("text");
    }

    @Test
    void aColumnIsComputed() throws Exception {
        TablePlan plan = users(add("label", "upper($name) || ' <' || $email || '>'"));

        assertThat(named(plan, "label").value(ADA)).isEqualTo("ADA L <Ada@Example.com>");
        assertThat(named(plan, "label").source()).isEqualTo(-1);
        assertThat(named(plan, "label").reads()).containsExactlyInAnyOrder(1, 2);
    }

    @Test
    void aComputedColumnSeesMaskedValues() throws Exception {
        TablePlan plan =
                users(column("data-masking-digits-mask", "name", ", \"value\": \"#\""), add("copy", "lower($name)"));

        assertThat(named(plan, "copy").value(TestRow.of("1", null, "Agent 47", null, null)))
                .isEqualTo("agent ##");
    }

    @Test
    void ofARemovedColumnOnlyWhatCannotBeReadBackIsComputed() throws Exception {
        TablePlan plan = users(
                column("remove-column", "email", ""),
                add("email_domain", "email_domain($email)"),
                add("has_email", "CASE WHEN is_null($email) THEN 'f' ELSE 't' END"),
                add("email_length", "length($email)"),
                add("email_hash", "x_hash_salted($email)"));

        assertThat(TestRow.arriving(plan, ADA))
                .containsEntry("email_domain", "example.com")
                .containsEntry("has_email", "t")
                .containsEntry("email_length", "15")
                .containsEntry("email_hash", new ColumnMask.SaltedHash(KEY).mask("Ada@Example.com"))
                .doesNotContainKey("email");
        assertThat(plan.reads()).contains(1);
        assertThatThrownBy(() -> users(column("remove-column", "email", ""), add("x", "length(lower($email))")))
                .isInstanceOf(TableRefusedException.class)
                .hasMessageContaining("'email'")
                .hasMessageContaining("removed");
    }

    @Test
    void anExpressionThatReadsAnUnknownColumnIsRefused() {
        assertThatThrownBy(() -> users(add("x", "$emial")))
                .isInstanceOf(TableRefusedException.class)
                .hasMessageContaining("'emial'");
    }

    @Test
    void anAddedColumnCanBeMasked() throws Exception {
        TablePlan plan = users(add("copy", "$email"), column("data-masking-hash-mask", "copy", ""));

        assertThat(named(plan, "copy").value(ADA)).isEqualTo(new ColumnMask.Hash().mask("Ada@Example.com"));
    }

    @Test
    void anAddedColumnMayNotHaveTheNameOfAnother() throws Exception {
        assertThatThrownBy(() -> users(add("email", "'x'"))).hasMessageContaining("'email'");
        assertThat(names(users(column("remove-column", "email", ""), add("email", "'x'"))))
                .contains("email");
    }

    @Test
    void unchangedValuesArePassedOn() throws Exception {
        TablePlan plan = users(
                column("data-masking-hash-mask", "email", ""),
                add("both", "$email || $name"),
                add("l", "length($email)"));
        SourceRow row = ADA.without(1).by(SourceRow.Operation.UPDATE);

        assertThat(named(plan, "email").isUnchanged(row)).isTrue();
        assertThat(named(plan, "l").isUnchanged(row)).isTrue();
        assertThat(named(plan, "both").isUnchanged(row)).isFalse();
        assertThat(named(plan, "both").isIncomplete(row)).isTrue();
        assertThat(plan.isIncomplete(row)).isTrue();
        assertThatThrownBy(() -> named(plan, "both").value(row)).isInstanceOf(IllegalStateException.class);
        assertThat(plan.isIncomplete(ADA.without(1, 2))).isFalse();
    }

    @Test
    void deletedRowsStayWithAnOperationIndicator() throws Exception {
        TablePlan plan = users(add("op", "operation_indicator('D', 'U', 'I')"));

        assertThat(plan.keepsDeleted()).isTrue();
        assertThat(named(plan, "op").value(ADA.by(SourceRow.Operation.DELETE))).isEqualTo("D");
        assertThat(named(plan, "op").value(ADA.by(SourceRow.Operation.UPDATE))).isEqualTo("U");
        assertThat(named(plan, "op").value(ADA)).isEqualTo("I");
        assertThat(users().keepsDeleted()).isFalse();
    }

    @Test
    void factsAboutTheChangeCanBeColumns() throws Exception {
        TablePlan plan = users(
                add("position", "$AR_H_STREAM_POSITION"),
                add("seq", "$AR_H_CHANGE_SEQ"),
                add("at", "$AR_H_COMMIT_TIMESTAMP"),
                add("origin", "$AR_M_SOURCE_SCHEMA || '.' || $AR_M_SOURCE_TABLE_NAME"));

        assertThat(TestRow.arriving(plan, ADA))
                .containsEntry("position", "0/16B3748")
                .containsEntry("seq", "20260301090807650000000000000000042")
                .containsEntry("at", "2026-03-01 09:08:07.654321")
                .containsEntry("origin", "public.users");
    }

    @Test
    void aColumnWithoutAnExpressionIsNull() throws Exception {
        TablePlan plan = users(column(
                "add-column",
                null,
                ", \"value\": \"last_updated\", \"data-type\": {\"type\": \"datetime\", \"precision\": 6}"));

        assertThat(named(plan, "last_updated").value(ADA)).isNull();
        assertThat(named(plan, "last_updated").type()).isEqualTo("timestamp(6) without time zone");
    }

    @Test
    void anotherUniqueKeyCanBeThePrimaryKey() throws Exception {
        SourceTable table =
                new SourceTable("public", "users", USERS.columns(), List.of("id"), List.of(List.of("email")), false);
        String key = "\"rule-type\": \"transformation\", \"rule-target\": \"table\", \"rule-action\":"
                + " \"define-primary-key\", \"object-locator\": {\"schema-name\": \"public\", \"table-name\":"
                + " \"users\"}, \"primary-key-def\": {\"name\": \"k\", \"columns\": [\"email\"]}";
        String remove = column("remove-column", "id", "");

        Optional<TablePlan> plan =
                mapping(select("include", "%", "%"), key, remove).plan(table);
        assertThat(plan.orElseThrow().primaryKey()).containsExactly("email");
        assertThatThrownBy(
                        () -> mapping(select("include", "%", "%"), key, remove).plan(USERS))
                .hasMessageContaining("unique key");
        assertThatThrownBy(() -> mapping(select("include", "%", "%"), remove).plan(table))
                .hasMessageContaining("define-primary-key");
    }

    private static TablePlan filtered(String... filters) throws Exception {
        return mapping(select("include", "public", "users") + ", \"filters\": [" + String.join(",", filters) + "]")
                .plan(USERS)
                .orElseThrow();
    }

    private static String filter(String column, String conditions) {
        return "{\"filter-type\": \"source\", \"column-name\": \"" + column + "\", \"filter-conditions\": ["
                + conditions + "]}";
    }

    private static TestRow zip(String zip) {
        return TestRow.of("1", "a@b.c", null, zip, "f");
    }

    @Test
    void filtersCompareNumbersAsNumbers() throws Exception {
        TablePlan plan = filtered(
                filter("zip", "{\"filter-operator\": \"between\", \"start-value\": \"900\", \"end-value\": \"1010\"}"));

        assertThat(plan.filtered()).containsExactly(3);
        assertThat(plan.selects(zip("1010"))).isTrue();
        assertThat(plan.selects(zip("1011"))).isFalse();
        assertThat(plan.selects(zip("95"))).isFalse();
        assertThat(plan.selects(zip(null))).isFalse();
    }

    @Test
    void conditionsAreJoinedByOrAndFiltersByAnd() throws Exception {
        TablePlan plan = filtered(
                filter("zip", "{\"filter-operator\": \"eq\", \"value\": \"1\"}, {\"filter-operator\": \"null\"}"),
                filter("active", "{\"filter-operator\": \"noteq\", \"value\": \"true\"}"));

        assertThat(plan.selects(zip("1"))).isTrue();
        assertThat(plan.selects(zip(null))).isTrue();
        assertThat(plan.selects(zip("2"))).isFalse();
        assertThat(plan.selects(TestRow.of("1", "", "", "1", "t"))).isFalse();
    }

    @Test
    void twoRulesWithFiltersAreAUnion() throws Exception {
        String one = select("include", "public", "users") + ", \"filters\": ["
                + filter("zip", "{\"filter-operator\": \"lte\", \"value\": \"10\"}") + "]";
        String other = select("include", "public", "users") + ", \"filters\": ["
                + filter("zip", "{\"filter-operator\": \"gte\", \"value\": \"90\"}") + "]";
        TablePlan plan = mapping(one, other).plan(USERS).orElseThrow();

        assertThat(plan.selects(zip("10"))).isTrue();
        assertThat(plan.selects(zip("50"))).isFalse();
        assertThat(plan.selects(zip("90"))).isTrue();
        assertThat(mapping(one, select("include", "public", "%"))
                        .plan(USERS)
                        .orElseThrow()
                        .filter())
                .isNull();
    }

    @Test
    void aFilterThatCannotCompareIsRefused() {
        assertThatThrownBy(() -> filtered(filter("zip", "{\"filter-operator\": \"eq\", \"value\": \"x\"}")))
                .hasMessageContaining("'zip'")
                .hasMessageContaining("a number");
        assertThatThrownBy(() -> filtered(filter("active", "{\"filter-operator\": \"eq\", \"value\": \"x\"}")))
                .hasMessageContaining("true or false");
        assertThatThrownBy(() -> filtered(filter("nosuch", "{\"filter-operator\": \"null\"}")))
                .hasMessageContaining("'nosuch'");
    }

    @Test
    void aColumnThatIsRenamedAtTheSourceIsExposed() throws Exception {
        Mapping mapping = mapping(
                select("include", "%", "%"), column("remove-column", "email", ""), column("x-hash-salted", "name", ""));
        SourceTable renamed = TestRow.table(
                "public.users (id integer, mail text, name character varying(40), zip integer, active boolean) key (id)");
        SourceTable added = TestRow.table("public.users (id integer, email text, name text, mail text) key (id)");

        assertThat(mapping.exposed(USERS, renamed)).containsExactly("mail");
        assertThat(mapping.exposed(USERS, added)).isEmpty();
    }

    @Test
    void numbersOfColumnsTellARenameFromADropAndAnAddition() throws Exception {
        Mapping mapping = mapping(select("include", "%", "%"), column("remove-column", "email", ""));
        SourceTable before = numbered(new SourceColumn("id", "integer", 1), new SourceColumn("email", "text", 2));

        assertThat(mapping.exposed(
                        before, numbered(new SourceColumn("id", "integer", 1), new SourceColumn("mail", "text", 2))))
                .containsExactly("mail");
        assertThat(mapping.exposed(
                        before, numbered(new SourceColumn("id", "integer", 1), new SourceColumn("phone", "text", 3))))
                .isEmpty();
    }

    private static SourceTable numbered(SourceColumn... columns) {
        return new SourceTable("public", "users", List.of(columns), List.of("id"));
    }

    @Test
    void columnsOfTheFilterAreRead() throws Exception {
        TablePlan plan = mapping(
                        select("include", "public", "users") + ", \"filters\": ["
                                + filter("email", "{\"filter-operator\": \"notnull\"}") + "]",
                        column("remove-column", "email", ""))
                .plan(USERS)
                .orElseThrow();

        assertThat(plan.reads()).isEqualTo(Set.of(0, 1, 2, 3, 4));
        assertThat(plan.selects(ADA)).isTrue();
        assertThat(plan.selects(TestRow.of("1", null, null, null, null))).isFalse();
    }

    @Test
    void aSaltedHashIsTheSameAsMaskAndAsExpression() throws Exception {
        SourceTable table =
                TestRow.table("public.users (id integer, ok boolean, raw bytea, x numeric(6,2), email text) key (id)");
        TestRow row = TestRow.of("7", "t", "\\x00ff", "1.50", "a@b.c");
        for (int place = 0; place < 5; place++) {
            String name = table.columns().get(place).name();
            TablePlan plan = mapping(
                            select("include", "public", "%"),
                            column("x-hash-salted", name, ""),
                            add("computed", "x_hash_salted($" + name + ")"))
                    .plan(table)
                    .orElseThrow();

            assertThat(named(plan, "computed").value(row))
                    .as(name)
                    .isEqualTo(named(plan, name).value(row));
        }
    }

    @Test
    void excludingViewsExcludesNoTable() throws Exception {
        String views = select("exclude", "%", "%").replace("\"%\"}", "\"%\", \"table-type\": \"view\"}");

        assertThat(views).contains("view");
        assertThat(mapping(select("include", "public", "%"), views).plan(USERS)).isPresent();
    }

    @Test
    void filtersThatReadAnUnchangedValueAreIncomplete() throws Exception {
        TablePlan plan = filtered(filter("email", "{\"filter-operator\": \"notnull\"}"));

        assertThat(plan.isIncomplete(ADA.without(1).by(SourceRow.Operation.UPDATE)))
                .isTrue();
        assertThat(plan.isIncomplete(ADA.without(2).by(SourceRow.Operation.UPDATE)))
                .isFalse();
    }

    @Test
    void errorsAndPlansDoNotShowTheKey() throws Exception {
        TablePlan plan = users(column("x-hash-salted", "%", ""));

        assertThat(plan.toString()).doesNotContain(KEY).contains("(masked)");
    }
}
