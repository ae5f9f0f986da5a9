package serai.refresh;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import serai.edits.EditRefusedException;
import serai.edits.EditableFiles;
import serai.edits.Refusal;
import serai.warehouse.Relation;
import serai.warehouse.Warehouse;

/**
 * The files of models, tests and seeds: {@code sql/**}{@code /*.sql}, except migrations, {@code sql/checks},
 * {@code sql/jobs} and {@code sql/cases}, and {@code sql/seeds/*.csv}. An edit that is wrong, or that makes another
 * file wrong, is refused and tried again with each later batch.
 */
final class SqlFiles implements EditableFiles {

    private static final Logger LOG = LoggerFactory.getLogger(SqlFiles.class);
    private static final int MAX_CHARACTERS = 5_000_000;

    private final Warehouse warehouse;
    /** The nodes in effect. */
    private final Map<Path, SqlFile> accepted = new TreeMap<>();
    /** The newest text of each file; empty for a removed one. */
    private final Map<Path, Optional<String>> newest = new TreeMap<>();
    /** The files whose newest text is not in effect. */
    private final Set<Path> pending = new TreeSet<>();

    private volatile ModelGraph graph;
    /** The tables of app for which files wait. */
    private Set<String> awaited = Set.of();
    /** Grows with each edit. */
    private long version;

    SqlFiles(Warehouse warehouse) {
        this.warehouse = warehouse;
    }

    /** The models and seeds in effect; null before the first batch of files. */
    ModelGraph graph() {
        return graph;
    }

    @Override
    public boolean owns(Path file) {
        // migrations belong to the warehouse, checks to alert rules, jobs and checks to steps of routes, cases to tests
        if (!file.startsWith("sql")
                || file.startsWith(Path.of("sql", "schema"))
                || file.startsWith(Path.of("sql", "migrations"))
                || file.startsWith(Path.of("sql", "checks"))
                || file.startsWith(Path.of("sql", "jobs"))
                || file.startsWith(CaseFiles.FOLDER)) {
            return false;
        }
        String name = file.getFileName().toString();
        return name.endsWith(".sql") || name.endsWith(".csv") && file.startsWith(Path.of("sql", "seeds"));
    }

    /** The number of the last edit. */
    synchronized long version() {
        return version;
    }

    @Override
    public synchronized List<Refusal> apply(Map<Path, Optional<String>> changes) {
        version++;
        newest.putAll(changes);
        pending.addAll(changes.keySet());
        try {
            Set<String> before = awaited;
            EditBatch batch = resolve(Set.of());
            accept(batch);
            if (!awaited.equals(before) && !awaited.isEmpty()) {
                LOG.info("Models wait for tables of app that are not there: {}", new TreeSet<>(awaited));
            }
            return batch.refusals();
        } catch (SQLException e) {
            String reason =
                    "the warehouse could not check it; it is checked again with the next edit: " + e.getMessage();
            return pending.stream().map(file -> new Refusal(file, null, reason)).toList();
        }
    }

    @Override
    public List<Refusal> check(Map<Path, String> texts) {
        List<Refusal> refusals = new ArrayList<>();
        texts.forEach((file, text) -> {
            try {
                parse(file, Optional.of(text));
            } catch (EditRefusedException e) {
                refusals.add(e.refusal());
            }
        });
        return refusals;
    }

    /**
     * What would take effect if this model's table might get other columns, for a rebuild. Nothing takes effect before
     * {@link #accept}.
     *
     * @throws EditRefusedException when the model's newest text is wrong for another reason
     */
    synchronized EditBatch resolveForRebuild(String model) throws SQLException, EditRefusedException {
        EditBatch batch = resolve(Set.of(model));
        for (Refusal refusal : batch.refusals()) {
            if (refusal.file().endsWith(model + ".sql")) {
                throw new EditRefusedException(refusal.file(), refusal.line(), refusal.reason());
            }
        }
        return batch;
    }

    /** What would take effect if nothing was there yet: for a build elsewhere. Nothing takes effect. */
    synchronized EditBatch resolveWithoutHistory() throws SQLException {
        return resolve(null);
    }

    /**
     * Puts into effect what a rebuild has calculated.
     *
     * @param since the number of the last edit when it was resolved: later ones are resolved with it
     */
    synchronized void accept(EditBatch batch, long since) {
        if (since == version) {
            accept(batch);
        } else {
            apply(Map.of());
        }
    }

    synchronized void accept(EditBatch batch) {
        accepted.clear();
        accepted.putAll(batch.accepted());
        pending.clear();
        batch.refusals().forEach(refusal -> pending.add(refusal.file()));
        newest.entrySet().removeIf(e -> e.getValue().isEmpty() && !pending.contains(e.getKey()));
        graph = batch.graph();
    }

    /** @param rebuilding whose tables may have other columns; null when nothing is compared with what is there */
    private EditBatch resolve(Set<String> rebuilding) throws SQLException {
        List<Refusal> refusals = new ArrayList<>();
        Map<Path, Optional<SqlFile>> edits = new TreeMap<>();
        for (Path file : pending) {
            try {
                edits.put(file, parse(file, newest.get(file)));
            } catch (EditRefusedException e) {
                refusals.add(e.refusal());
            }
        }
        try (Connection connection = warehouse.dataSource().getConnection()) {
            Set<Relation> sources = ModelDryRun.sources(connection);
            return EditBatch.resolve(accepted, edits, refusals, nodes -> {
                List<SqlFile> present = present(nodes, sources);
                List<DataTest> tests = present.stream()
                        .filter(DataTest.class::isInstance)
                        .map(DataTest.class::cast)
                        .toList();
                ModelGraph checked = ModelDryRun.of(connection, ModelGraph.of(present, sources), tests);
                if (rebuilding != null) {
                    HistoryCheck.check(connection, checked, rebuilding);
                }
                return checked;
            });
        }
    }

    /** The files without those that wait. */
    private List<SqlFile> present(Collection<SqlFile> files, Set<Relation> sources) {
        Map<SqlFile, String> waiting = WaitingFiles.of(files, sources);
        awaited = Set.copyOf(waiting.values());
        return files.stream().filter(file -> !waiting.containsKey(file)).toList();
    }

    /** Whether a table has come for which files wait. */
    @Override
    public synchronized boolean canGoOn() {
        if (awaited.isEmpty()) {
            return false;
        }
        try (Connection connection = warehouse.dataSource().getConnection()) {
            return ModelDryRun.sources(connection).stream().anyMatch(source -> awaited.contains(source.toString()));
        } catch (SQLException e) {
            // it is asked again soon
            return false;
        }
    }

    private static Optional<SqlFile> parse(Path file, Optional<String> text) throws EditRefusedException {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        if (text.get().length() > MAX_CHARACTERS) {
            throw new EditRefusedException(
                    file, null, "the file has more than " + MAX_CHARACTERS + " characters: load it as a report");
        }
        if (file.getFileName().toString().endsWith(".csv")) {
            return Optional.of(Seed.parse(file, text.get()));
        }
        if (DataTestFile.owns(file)) {
            return Optional.of(DataTestFile.parse(file, text.get()));
        }
        return Optional.of(
                ScriptFile.owns(text.get()) ? ScriptFile.parse(file, text.get()) : ModelFile.parse(file, text.get()));
    }
}
