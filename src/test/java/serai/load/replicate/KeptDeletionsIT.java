package serai.load.replicate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import serai.edits.EditRefusedException;
import serai.load.replicate.mapping.Mapping;
import serai.testing.Waiting;

/** Deleted rows stay in tables whose mapping has {@code operation_indicator}. */
class KeptDeletionsIT {

    private static final String MAPPING = """
            {"rules": [
              {"rule-type": "selection", "rule-id": "1", "rule-name": "1", "rule-action": "include",
               "object-locator": {"schema-name": "public", "table-name": "notes"}},
              {"rule-type": "selection", "rule-id": "2", "rule-name": "2", "rule-action": "include",
               "object-locator": {"schema-name": "public", "table-name": "shared"},
               "filters": [{"filter-type": "source", "column-name": "public",
                 "filter-conditions": [{"filter-operator": "eq", "value": "true"}]}]},
              {"rule-type": "transformation", "rule-id": "3", "rule-name": "3", "rule-target": "column",
               "rule-action": "add-column", "value": "op", "expression": "operation_indicator('D', 'U', 'I')",
               "object-locator": {"schema-name": "%", "table-name": "%"},
               "data-type": {"type": "string", "length": 1}},
              {"rule-type": "transformation", "rule-id": "4", "rule-name": "4", "rule-target": "column",
               "rule-action": "add-column", "value": "changed_at", "expression": "$AR_H_COMMIT_TIMESTAMP",
               "object-locator": {"schema-name": "public", "table-name": "notes"},
               "data-type": {"type": "string", "length": 50}}
            ]}""";

    private static ReplicationPlan plan(SourceFixture fixture) throws EditRefusedException {
        Mapping mapping = Mapping.parse(Path.of("mappings/app.json"), MAPPING, "app", null);
        return fixture.plan(mapping::plan);
    }

    private static List<String> notes(SourceFixture fixture) {
        return fixture.target.rows("select id, left(body, 3), length(body), op from app.notes order by id");
    }

    private static void reload(SourceFixture fixture) {
        fixture.target.execute("update meta.replicated_tables set reload_asked_at = clock_timestamp()");
        Waiting.soon()
                .until(() -> fixture.target.value("select 1 from meta.replicated_tables"
                                + " where reload_asked_at is not null or state <> 'complete'")
                        == null);
    }

    @Test
    void deletedRowsStay() throws Exception {
        try (SourceFixture fixture = new SourceFixture()) {
            fixture.source.execute("""
                    create table notes (id int primary key, body text);
                    alter table notes alter body set storage external;
                    insert into notes select i, repeat('a', 9000) from generate_series(1, 4) i""");
            fixture.start(fixture.target.warehouse(), plan(fixture));
            fixture.await();
            fixture.source.execute("delete from notes where id = 1; update notes set body = 'bbb' where id = 2;"
                    + " delete from notes where id = 4; insert into notes values (4, 'ccc')");
            fixture.source.execute(
                    "begin; insert into notes values (5, 'ddd'); delete from notes where id = 5; commit");
            fixture.source.execute("update notes set id = 6 where id = 3");
            fixture.await();
            List<String> expected = List.of("1|aaa|9000|D", "2|bbb|3|U", "4|ccc|3|I", "5|ddd|3|D", "6|aaa|9000|U");
            assertThat(notes(fixture)).isEqualTo(expected);
            String deletedAt = fixture.target.value("select changed_at from app.notes where id = 1");
            assertThat(deletedAt).isNotNull();
            assertThat(fixture.target.rows("select id from app.notes where changed_at = ? order by id", deletedAt))
                    .as("rows of one transaction")
                    .containsExactly("1", "2", "4");
            fixture.target.execute("update app.notes set op = 'I' where id = 5");
            reload(fixture);
            assertThat(fixture.target.rows("select id from app.notes where op = 'D' order by id"))
                    .containsExactly("1", "5");
            assertThat(fixture.target.value("select changed_at from app.notes where id = 1"))
                    .as("a deletion that is known is not written again")
                    .isEqualTo(deletedAt);
            fixture.source.execute("truncate notes");
            fixture.await();
            assertThat(notes(fixture)).isEmpty();
        }
    }

    @Test
    void aRowThatHasLeftTheFilterDoesNotComeBackWhenItIsDeleted() throws Exception {
        try (SourceFixture fixture = new SourceFixture()) {
            fixture.source.execute("""
                    create table shared (id int primary key, public boolean);
                    insert into shared select i, true from generate_series(1, 3) i""");
            fixture.start(fixture.target.warehouse(), plan(fixture));
            fixture.await();
            fixture.source.execute("begin; update shared set public = false where id in (1, 2);"
                    + " delete from shared where id = 1; commit");
            fixture.source.execute("delete from shared where id in (2, 3)");
            fixture.await();
            assertThat(fixture.target.rows("select id, op from app.shared")).containsExactly("3|D");
        }
    }

    @Test
    void validationKnowsThem() throws Exception {
        try (SourceFixture fixture = new SourceFixture()) {
            fixture.source.execute("create table notes (id int primary key, body text);"
                    + " insert into notes select i, 'a' from generate_series(1, 3) i");
            fixture.start(fixture.target.warehouse(), plan(fixture));
            fixture.await();
            fixture.source.execute("delete from notes where id = 2");
            fixture.await();
            fixture.target.execute("insert into meta.validations (source, source_table, state)"
                    + " select source, source_table, 'pending' from meta.replicated_tables");
            Waiting.soon()
                    .until(
                            () -> fixture.target.value("select state || mismatches from meta.validations"),
                            found -> "validated0".equals(found));
        }
    }
}
