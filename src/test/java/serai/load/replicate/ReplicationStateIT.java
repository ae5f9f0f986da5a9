package serai.load.replicate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import serai.RoomSections;
import serai.request.Pauses;
import serai.request.Subject;
import serai.status.Condition;
import serai.status.Status;
import serai.status.StatusGauge;
import serai.status.StatusRow;
import serai.testing.Waiting;
import serai.warehouse.Sql;

/** The page says how far replication is, and what it costs the source. */
class ReplicationStateIT {

    private static final Subject SOURCE = new Subject(Subject.Kind.SOURCE, SourceFixture.NAME);

    private static StatusRow row(RoomSections sections) throws Exception {
        return sections.read().rows("replication").get(0);
    }

    private static void register(SourceFixture fixture) {
        fixture.target.execute(
                "insert into meta.sources (source, kind) values (?, ?)", SourceFixture.NAME, Replication.KIND);
    }

    @Test
    void aSourceIsFollowedPausedAndResumed() throws Exception {
        try (SourceFixture fixture = new SourceFixture();
                RoomSections sections = new RoomSections(fixture.target, Map.of())) {
            register(fixture);
            assertThat(row(sections).figure("state")).isEqualTo("not begun");
            fixture.source.execute(
                    "create table notes (id int primary key); create table keyless (created_date date, created_by text);"
                            + " insert into notes values (1)");
            Instant before = Instant.now();
            fixture.start();
            // although nothing happens
            Waiting.soon().until(() -> row(sections).dataAsOf(), asOf -> asOf != null && asOf.isAfter(before));
            fixture.source.execute("insert into notes values (2)");
            fixture.await();
            Waiting.soon().until(() -> row(sections).figure("state"), "following"::equals);
            StatusRow followed = row(sections);
            assertThat(followed.figure("tables.all")).isEqualTo(2L);
            assertThat(followed.figure("tables.parked")).isEqualTo(1L);
            assertThat(followed.condition()).isEqualTo(Condition.WARN);
            assertThat(followed.reason()).contains("public.keyless (it has no key.");
            assertThat(followed.figure("walStatus")).isEqualTo("reserved");
            assertThat((Long) followed.figure("retainedBytes")).isPositive();
            assertThat(followed.figure("heartbeatAt")).isNotNull();
            StatusRow source = sections.read().rows("sources").get(0);
            assertThat(source.condition()).isEqualTo(Condition.OK);
            assertThat(source.dataAsOf()).isAfter(before);
            assertThat(source.actions()).containsExactly("pause load-app");

            Waiting.soon().until(() -> row(sections).figure("tables.withoutAudit"), Long.valueOf(1)::equals);
            assertThat(fixture.target.rows("select source_table, lacks from meta.tables_without_audit"))
                    .containsExactly("public.notes|{created_date,created_by}");
            assertThat(row(sections).figure("withoutAudit"))
                    .isEqualTo(
                            List.of(Map.of("table", "public.notes", "lacks", List.of("created_date", "created_by"))));

            Pauses.pause(fixture.target.warehouse(), SOURCE, "ada", "the disk is changed");
            Waiting.soon()
                    .until(() -> fixture.source.value(
                                    "select 1 from pg_replication_slots where slot_name = ? and active", fixture.slot())
                            == null);
            String position =
                    fixture.target.value("select position from meta.offsets where source = ?", SourceFixture.NAME);
            fixture.source.execute("insert into notes values (3)");
            Object retained = row(sections).figure("measuredAt");
            Waiting.soon().until(() -> !retained.equals(row(sections).figure("measuredAt")));
            StatusRow paused = row(sections);
            assertThat(paused.condition()).isEqualTo(Condition.PAUSED);
            assertThat(paused.figure("state")).isEqualTo("paused");
            assertThat(paused.reason())
                    .contains("Paused by ada", "the disk is changed", "The source keeps its log meanwhile: ");
            assertThat((Long) paused.figure("sourceLagBytes")).isPositive();
            assertThat(fixture.target.value("select position from meta.offsets where source = ?", SourceFixture.NAME))
                    .isEqualTo(position);
            Pauses.resume(fixture.target.warehouse(), SOURCE);
            fixture.await();
            fixture.assertEqual("notes");

            fixture.source.execute("drop publication " + fixture.slot());
            Waiting.soon().until(() -> row(sections).attempt(), attempt -> attempt != null && attempt > 0);
            StatusRow stopped = row(sections);
            assertThat(stopped.condition()).isEqualTo(Condition.FAILED);
            assertThat(stopped.figure("state")).isEqualTo("stopped");
            assertThat(stopped.error()).contains("was dropped and made again");
            assertThat(stopped.nextTry()).isNotNull();
        }
    }

    @Test
    void aTableThatLosesItsKeyIsUnpublishedAlsoWhileNothingCanBeApplied() throws Exception {
        try (SourceFixture fixture = new SourceFixture();
                RoomSections sections = new RoomSections(fixture.target, Map.of())) {
            register(fixture);
            fixture.source.execute("create table notes (id int primary key, n int); insert into notes values (1, 1);"
                    + " create table others (id int primary key)");
            fixture.start();
            fixture.await();
            try (Connection lock = fixture.target.connect()) {
                lock.setAutoCommit(false);
                Sql.on(lock).execute("lock table app.others in access exclusive mode");
                fixture.source.execute("insert into others values (1)");
                fixture.source.execute("alter table notes drop constraint notes_pkey");
                Waiting.soon()
                        .until(() -> fixture.source.value(
                                        "select 1 from pg_publication_tables where pubname = ?"
                                                + " and tablename = 'notes'",
                                        fixture.slot())
                                == null);
                fixture.source.execute("update notes set n = 2");
                fixture.source.execute("alter table notes add primary key (id)");
                lock.rollback();
            }
            // it has a key again, but the change of the time without one is not in the log
            fixture.awaitState("notes", "parked: it was not in the publication for a while");
            fixture.await();
            fixture.assertEqual("others");
            Waiting.soon().until(() -> row(sections).figure("unpublished"), Long.valueOf(1)::equals);
        }
    }

    @Test
    void whatIsWrongIsSaidOnceWithWhatToDo() throws Exception {
        try (SourceFixture fixture = new SourceFixture();
                RoomSections sections = new RoomSections(fixture.target, Map.of())) {
            register(fixture);
            fixture.target.execute("""
                    insert into meta.replicated_tables (source, source_table, relation, state)
                    values ('load-app', 'public.a', 'app.a', 'copying'), ('load-app', 'public.b', 'app.b', 'complete');
                    insert into meta.offsets (source, position, updated_at)
                    values ('load-app', '{"lsn": "0/500", "committed_at": "2026-03-01T12:00:00Z"}', now());
                    insert into meta.replicated_sources
                      (source, slot, publication, seen_at, measured_at, current_lsn, received_lsn, acknowledged_lsn,
                        received_at, acknowledged_at, written_at, retained_bytes, wal_status)
                    values ('load-app', 'serai_app', 'serai_app', now(), now(), '0/1500', '0/1000', '0/500',
                      now(), now(), now(), 4096, 'reserved')""");
            assertThat(row(sections).figure("state")).isEqualTo("copying 1 of 2 tables");
            assertThat(row(sections).condition())
                    .as("the other one is followed")
                    .isEqualTo(Condition.OK);
            fixture.target.execute("update meta.replicated_tables set state = 'copying'");
            assertThat(row(sections).condition()).isEqualTo(Condition.UNKNOWN);
            fixture.target.execute("update meta.replicated_tables set state = 'reloading'");
            assertThat(row(sections).figure("state")).isEqualTo("copying 2 tables anew");

            fixture.target.execute("update meta.replicated_tables set state = 'complete'");
            assertThat(row(sections).figure("state")).isEqualTo("following");
            assertThat(row(sections).condition()).isEqualTo(Condition.OK);
            StatusRow source = sections.read().rows("sources").get(0);
            assertThat(source.condition()).as("its data is old").isEqualTo(Condition.LATE);
            assertThat(source.dueBy()).isEqualTo("2026-03-01T12:10:00Z");
            assertThat(row(sections).figure("sourceLagBytes")).isEqualTo(0x500L);
            assertThat(row(sections).figure("applyLagBytes")).isEqualTo(0xb00L);

            fixture.target.execute("update meta.replicated_sources set written_at = now() - interval '1 hour'");
            assertThat(row(sections).figure("state")).isEqualTo("idle");
            assertThat(row(sections).condition()).isEqualTo(Condition.OK);

            fixture.target.execute("update meta.offsets set updated_at = now() - interval '5 minutes'");
            assertThat(row(sections).figure("state")).isEqualTo("stuck");
            assertThat(row(sections).condition()).isEqualTo(Condition.LATE);
            assertThat(row(sections).reason()).contains("look for locks in the warehouse");

            fixture.target.execute("update meta.offsets set updated_at = now();"
                    + " update meta.replicated_sources set received_at = now() - interval '5 minutes'");
            assertThat(row(sections).figure("state")).isEqualTo("stuck");
            assertThat(row(sections).reason()).contains("The source sends nothing");

            fixture.target.execute("update meta.replicated_sources set received_at = now(), retained_bytes = 12e9,"
                    + " risk = 'The source keeps 12 GB.', risk_since = now() - interval '1 hour'");
            assertThat(row(sections).condition()).isEqualTo(Condition.LATE);
            assertThat(row(sections).since()).isNotNull();
            assertThat(problems(sections)).contains("replication load-app late");
            fixture.target.execute(
                    "insert into meta.paused (kind, name, paused_by) values ('source', 'load-app', 'ada')");
            assertThat(row(sections).condition())
                    .as("a pause does not hide the risk")
                    .isEqualTo(Condition.LATE);
            fixture.target.execute("truncate meta.paused; update meta.replicated_sources set risk = null");

            fixture.target.execute("update meta.replicated_sources set seen_at = now() - interval '5 minutes'");
            assertThat(row(sections).figure("state")).isEqualTo("stopped");
            assertThat(row(sections).reason())
                    .startsWith("No process follows it.")
                    .contains("12 GB");

            fixture.target.execute("update meta.sources set attempt = 3, next_try = now() + interval '8 seconds';"
                    + " update meta.replicated_sources set seen_at = now(); insert into meta.runs (source, kind, status,"
                    + " finished_at, error) values ('load-app', 'replicate', 'failed', now(), 'The slot is gone')");
            StatusRow failed = row(sections);
            assertThat(failed.condition()).isEqualTo(Condition.FAILED);
            assertThat(failed.error()).isEqualTo("The slot is gone");
            assertThat(failed.attempt()).isEqualTo(3);
            assertThat(failed.nextTry()).isNotNull();
            assertThat(problems(sections)).as("the sources say it").isNull();

            fixture.target.execute("update meta.sources set active = false");
            assertThat(row(sections).reason()).contains("select pg_drop_replication_slot('serai_app')");
        }
    }

    @Test
    void itsMetricsAreThoseOfTheDocumentation() throws Exception {
        String page = Files.readString(Path.of("docs/operate.md"));
        Set<String> documented = Pattern.compile("`(serai_replicate_\\w+)`")
                .matcher(page)
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toSet());
        assertThat(new ReplicationSection().gauges())
                .extracting(StatusGauge::name)
                .containsExactlyInAnyOrderElementsOf(documented);
    }

    private static String problems(RoomSections sections) throws Exception {
        return sections.read()
                .part("replication")
                .map(Status.Part::rows)
                .orElseThrow()
                .problems();
    }
}
