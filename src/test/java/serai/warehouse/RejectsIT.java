package serai.warehouse;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import serai.testing.TestDatabase;

class RejectsIT {

    private static final Relation T = Relation.of("landing.t");
    private static final LocalDate DAY = LocalDate.of(2026, 1, 2);

    private final TestDatabase database = new TestDatabase();

    @AfterEach
    void drop() {
        database.close();
    }

    @Test
    void aRecordThatIsSeenAgainIsOneRejectWithItsNewestPlace() throws Exception {
        load("s", DAY, reject(2, DAY, "bad"), reject(5, DAY, "bad"));
        load("s", DAY, reject(9, DAY, "bad"));
        load("other", DAY, reject(3, DAY, "bad"));
        assertThat(database.rows(
                        "select source, attempts, locator, last_seen > first_seen from meta.rejects order by id"))
                .containsExactly(
                        "s|2|{\"day\": \"2026-01-02\", \"line\": 9}|t",
                        "other|1|{\"day\": \"2026-01-02\", \"line\": 3}|f");
    }

    @Test
    void aLoadThatCoversARejectAndNoLongerHasItResolvesIt() throws Exception {
        load("s", DAY, reject(2, DAY, "a"), reject(3, DAY.minusDays(1), "before"), reject(4, null, "undated"));
        load("other", DAY, reject(2, DAY, "a"));
        load("s", DAY, reject(2, DAY, "still bad"));
        assertThat(unresolved("s")).containsExactly("before", "still bad");
        assertThat(unresolved("other")).containsExactly("a");
        load("s", DAY.plusDays(1), reject(2, null, "undated later"));
        assertThat(unresolved("s")).containsExactly("before", "still bad", "undated later");
    }

    @Test
    void aResolvedRejectThatComesAgainIsOpenAgain() throws Exception {
        load("s", DAY, reject(2, DAY, "a"));
        load("s", DAY);
        assertThat(unresolved("s")).isEmpty();
        load("s", DAY, reject(2, DAY, "a"));
        assertThat(unresolved("s")).containsExactly("a");
        assertThat(database.value("select attempts from meta.rejects")).isEqualTo("2");
    }

    @Test
    void aHeldLoadResolvesNothing() throws Exception {
        load("s", DAY, reject(2, DAY, "a"));
        try (Writer writer = database.warehouse().writer("s")) {
            writer.begin("test", window(DAY));
            writer.commitWithState(tx -> {
                tx.resolveRejects(T, DAY, DAY.plusDays(1), window(DAY));
                return RunOutcome.held("not trusted");
            });
        }
        assertThat(unresolved("s")).containsExactly("a");
    }

    @Test
    void aPayloadIsKeptByteForByteAndCutAt64KiBWithItsTrueLength() throws Exception {
        byte[] any = {0, (byte) 0xFF, 'a', (byte) 0xED, (byte) 0xA0, (byte) 0x80};
        load("s", DAY, new Reject(T, Map.of("id", "x\0" + (char) 0xD800 + "y"), List.of("1"), any, "why\0"));
        load("s", DAY, new Reject(T, Map.of(), List.of("2"), new byte[100_000], "long"));
        assertThat(database.rows(
                        "select encode(payload, 'hex'), payload_bytes, locator->>'id', reason from meta.rejects"
                                + " where reason <> 'long'"))
                .containsExactly("00ff61eda080|6|x\ufffd\ufffdy|why\ufffd");
        assertThat(database.rows("select length(payload), payload_bytes from meta.rejects where reason = 'long'"))
                .containsExactly("65536|100000");
    }

    @Test
    void rejectsOfOlderVersionsAreConvertedWithoutLoss() throws Exception {
        try (TestDatabase old = TestDatabase.empty()) {
            migrate(old, "10");
            old.execute("""
                    insert into meta.rejects (run_id, source, relation, line, column_name, reason, columns, record, fingerprint)
                    values
                      (1, 's', 'landing.t', 7, 'k', 'no number', '{day,k,name}', array['2026-01-02', 'x,"y"', null], 'f1'),
                      (1, 's', 'landing.t', 8, null, 'has 1 field', '{day,k}', array['2026'], 'f2'),
                      (1, 's', 'landing.t', 9, null, 'equal by chance', '{day,k}', array[chr(30)], 'f3'),
                      (1, 's', 'landing.t', 9, null, 'equal by chance', '{day,k}', array[null]::text[], 'f4'),
                      (0, 'watch', 'elasticsearch.documents', 1, '@timestamp', 'no time', '{_index,_id,_source}',
                        array['logs', '42', '{"a": "é"}'], 'f5'),
                      (0, 'watch', 'elasticsearch.status', 1, null, 'strict', '{_id,_source}', array['43', '{}'], 'f6')""");
            migrate(old, "latest");
            assertThat(old.rows(
                            "select target, locator, convert_from(payload, 'UTF8'), payload_bytes, attempts, resolved_at"
                                    + " from meta.rejects where reason <> 'equal by chance' order by id"))
                    .containsExactly(
                            "landing.t|{\"line\": 7, \"column\": \"k\"}|\"day\",\"k\",\"name\"\n"
                                    + "\"2026-01-02\",\"x,\"\"y\"\"\",|40|1|null",
                            "landing.t|{\"line\": 8}|\"day\",\"k\"\n\"2026\"|16|1|null",
                            "elasticsearch.documents|{\"id\": \"42\", \"index\": \"logs\", \"column\": \"@timestamp\"}"
                                    + "|{\"a\": \"é\"}|11|1|null",
                            "elasticsearch.status|{\"id\": \"43\"}|{}|2|1|null");
            assertThat(old.rows("select count(distinct fingerprint) from meta.rejects"))
                    .containsExactly("6");

            // the first of them comes again: it is the same reject
            Reject again =
                    new Reject(T, Map.of("line", 3), Arrays.asList("2026-01-02", "x,\"y\"", null), new byte[0], "r");
            try (Writer writer = old.warehouse().writer("s")) {
                writer.commitWithState(tx -> {
                    tx.reject(again);
                    return RunOutcome.ok();
                });
            }
            assertThat(old.rows("select attempts from meta.rejects where fingerprint = ?", again.fingerprint()))
                    .containsExactly("2");
        }
    }

    private static void migrate(TestDatabase target, String version) {
        Flyway.configure()
                .dataSource(target.url(), "postgres", "")
                .defaultSchema("meta")
                .createSchemas(true)
                .locations("filesystem:" + Path.of("sql/schema").toAbsolutePath())
                .target(version)
                .load()
                .migrate();
    }

    private void load(String source, LocalDate day, Reject... rejects) throws Exception {
        try (Writer writer = database.warehouse().writer(source)) {
            writer.begin("test", window(day));
            writer.commitWithState(tx -> {
                Stream.of(rejects).forEach(tx::reject);
                tx.resolveRejects(T, day, day.plusDays(1), window(day));
                return RunOutcome.ok().rejected(rejects.length);
            });
        }
    }

    private static Reject reject(long line, LocalDate day, String text) {
        Map<String, Object> locator = day == null ? Map.of("line", line) : Map.of("line", line, Reject.DAY, day);
        return new Reject(T, locator, List.of(text), text.getBytes(UTF_8), "does not fit");
    }

    private static TimeWindow window(LocalDate day) {
        Instant from = day.atStartOfDay(ZoneOffset.UTC).toInstant();
        return new TimeWindow(from, from.plusSeconds(86_400));
    }

    private List<String> unresolved(String source) {
        return database.rows(
                "select convert_from(payload, 'UTF8') from meta.rejects"
                        + " where source = ? and resolved_at is null order by 1",
                source);
    }
}
