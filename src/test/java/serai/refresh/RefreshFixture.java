package serai.refresh;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import serai.edits.Refusal;
import serai.warehouse.Relation;
import serai.warehouse.RunOutcome;
import serai.warehouse.TestWarehouse;
import serai.warehouse.Warehouse;
import serai.warehouse.Writer;

/** A warehouse of its own with a refresh whose clock stands where the test wants it. */
final class RefreshFixture implements AutoCloseable {

    final Warehouse warehouse;
    final RefreshRoom refresh;
    Instant now = Instant.parse("2026-03-31T10:00:00Z");

    RefreshFixture() {
        this(40);
    }

    RefreshFixture(int maxDays) {
        this(TestWarehouse.fresh(), maxDays);
    }

    RefreshFixture(Warehouse warehouse, int maxDays) {
        this.warehouse = warehouse;
        this.refresh = new RefreshRoom(
                warehouse,
                new RefreshSettings(maxDays, Duration.ofMillis(300), Duration.ofMinutes(5)),
                ((InstantSource) () -> now).withZone(ZoneOffset.UTC));
    }

    /** One edit: the file's path and its new text, null for a removed file. */
    List<Refusal> edit(String... pathsAndTexts) {
        Map<Path, Optional<String>> batch = new HashMap<>();
        for (int i = 0; i < pathsAndTexts.length; i += 2) {
            batch.put(Path.of(pathsAndTexts[i]), Optional.ofNullable(pathsAndTexts[i + 1]));
        }
        return refresh.editableFiles().get(0).apply(batch);
    }

    /** Reads the project's own SQL files. */
    List<Refusal> ownFiles() {
        try (Stream<Path> files = Files.walk(Path.of("sql"))) {
            Map<Path, Optional<String>> batch = new HashMap<>();
            for (Path file : files.filter(Files::isRegularFile)
                    .filter(refresh.editableFiles().get(0)::owns)
                    .toList()) {
                batch.put(file, Optional.of(Files.readString(file)));
            }
            return refresh.editableFiles().get(0).apply(batch);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a loader does: replaces days of a landing table and marks them as changed, in one transaction. */
    void load(String relation, List<LocalDate> days, String... statements) throws Exception {
        try (Writer writer = warehouse.writer("test-load")) {
            writer.commitWithState(tx -> {
                try (Statement s = tx.connection().createStatement()) {
                    for (String statement : statements) {
                        s.execute(statement);
                    }
                }
                tx.markDirty(Relation.of(relation), days);
                return RunOutcome.ok(0, 0, 0, 0, null);
            });
        }
    }

    void execute(String sql) throws SQLException {
        try (Connection c = warehouse.dataSource().getConnection();
                Statement s = c.createStatement()) {
            s.execute(sql);
        }
    }

    /** Rows as texts, the columns with | between. */
    List<String> rows(String sql, Object... parameters) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Connection c = warehouse.dataSource().getConnection();
                PreparedStatement s = c.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                s.setObject(i + 1, parameters[i]);
            }
            try (ResultSet r = s.executeQuery()) {
                int columns = r.getMetaData().getColumnCount();
                while (r.next()) {
                    StringBuilder row = new StringBuilder();
                    for (int i = 1; i <= columns; i++) {
                        row.append(i == 1 ? "" : "|").append(r.getString(i));
                    }
                    rows.add(row.toString());
                }
            }
        }
        return rows;
    }

    String one(String sql, Object... parameters) throws SQLException {
        List<String> rows = rows(sql, parameters);
        return rows.isEmpty() ? null : rows.get(0);
    }

    @Override
    public void close() {
        refresh.close();
        warehouse.close();
    }
}
