package serai.refresh;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import serai.edits.EditableFiles;
import serai.edits.Refusal;
import serai.testing.TestDatabase;
import serai.testing.Waiting;
import serai.warehouse.Relation;
import serai.warehouse.RunOutcome;
import serai.warehouse.Warehouse;
import serai.warehouse.WatchedRows;
import serai.warehouse.Writer;

/** A warehouse of its own, with a refresh whose clock the test sets. */
final class RefreshFixture implements AutoCloseable {

    /** Its days before 31 March wait while another session has the advisory lock 42. */
    static final String SLOW_FACT = """
            -- @kind   recalc
            -- @grain  date_key
            -- @reads  logins
            -- @window date_key by day from logins.login_at
            -- @about  One row per day.
            select (login_at at time zone 'UTC')::date as date_key, count(*) as n
            from logins cross join (
              select case when :from < timestamptz '2026-03-31Z' then pg_advisory_xact_lock_shared(42) end) l
            where login_at >= :from and login_at < :to
            group by 1
            """;

    final TestDatabase database;
    final Warehouse warehouse;
    final SqlFiles files;
    final Refresh refresh;
    Instant now = Instant.parse("2026-03-31T10:00:00Z");

    /** With roles that may read all models. */
    static RefreshFixture withReaders(String... roles) {
        return new RefreshFixture(new TestDatabase(), 40, List.of(roles));
    }

    RefreshFixture() {
        this(40);
    }

    RefreshFixture(int maxDays) {
        this(new TestDatabase(), maxDays);
    }

    RefreshFixture(TestDatabase database, int maxDays) {
        this(database, maxDays, List.of());
    }

    private RefreshFixture(TestDatabase database, int maxDays, List<String> readers) {
        this.database = database;
        this.warehouse = database.warehouse();
        this.files = new SqlFiles(warehouse);
        this.refresh = new Refresh(
                warehouse,
                files,
                new RefreshSettings(
                        maxDays,
                        Duration.ofMillis(300),
                        Duration.ofMinutes(5),
                        Duration.ofHours(24),
                        parallel(),
                        readers),
                ((InstantSource) () -> now).withZone(ZoneOffset.UTC));
    }

    /** The default of {@code refresh.parallel}; {@code -Dserai.refresh.parallel=1} tests the same one by one. */
    private static int parallel() {
        return Integer.getInteger("serai.refresh.parallel", 2);
    }

    /** One edit: the file's path and its new text, null for a removed file. */
    List<Refusal> edit(String... pathsAndTexts) {
        Map<Path, Optional<String>> batch = new HashMap<>();
        for (int i = 0; i < pathsAndTexts.length; i += 2) {
            batch.put(Path.of(pathsAndTexts[i]), Optional.ofNullable(pathsAndTexts[i + 1]));
        }
        return files.apply(batch);
    }

    /** Reads the project's own SQL files. */
    List<Refusal> readProjectFiles() {
        return files.apply(projectFiles(files));
    }

    /** The project's own files of this kind, with their texts. */
    static Map<Path, Optional<String>> projectFiles(EditableFiles kind) {
        try (Stream<Path> paths = Files.walk(Path.of("sql"))) {
            Map<Path, Optional<String>> texts = new HashMap<>();
            for (Path path :
                    paths.filter(Files::isRegularFile).filter(kind::owns).toList()) {
                texts.put(path, Optional.of(Files.readString(path)));
            }
            return texts;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a loader does: replaces days of a landing table and marks them as changed, in one transaction. */
    void load(String relation, List<LocalDate> days, String... statements) throws Exception {
        try (Writer writer = warehouse.writer("test-load")) {
            writer.commitWithState(tx -> {
                for (String statement : statements) {
                    tx.sql().execute(statement);
                }
                tx.markDirty(Relation.of(relation), days);
                return RunOutcome.ok();
            });
        }
    }

    /** What a loader records: up to when it has brought the whole of a relation. */
    void complete(String relation, String time) {
        execute("insert into meta.completeness values ('" + relation + "', 'test', '" + time + "')"
                + " on conflict (relation, source) do update set complete_to = excluded.complete_to");
    }

    /** What a loader does that changes rows by their keys: what changed is recorded for the models that watch it. */
    void change(String relation, String... statements) throws Exception {
        try (Writer writer = warehouse.writer("test-load")) {
            writer.commitWithState(tx -> {
                WatchedRows watched = WatchedRows.before(tx.sql(), Relation.of(relation), "", "true");
                for (String statement : statements) {
                    tx.sql().execute(statement);
                }
                watched.record();
                return RunOutcome.ok();
            });
        }
    }

    void execute(String sql) {
        database.execute(sql);
    }

    /** Rows as text, with | between the columns. */
    List<String> rows(String sql) {
        return database.rows(sql);
    }

    /** The first row as text, or null. */
    String one(String sql) {
        return database.value(sql);
    }

    /** Waits until so many transactions wait for an advisory lock. */
    void awaitWaiting(int transactions) {
        Waiting.soon().untilAsserted(() -> assertThat(one("""
                        select count(*) from pg_stat_activity
                        where datname = current_database() and wait_event = 'advisory' and xact_start is not null""")).isEqualTo(String.valueOf(transactions)));
    }

    @Override
    public void close() {
        refresh.stop();
        database.close();
    }
}
