package serai.refresh;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import serai.edits.EditRefusedException;
import serai.edits.EditableFiles;
import serai.edits.Refusal;
import serai.warehouse.Relation;
import serai.warehouse.Warehouse;

/**
 * The analyst's files: {@code sql/**}{@code /*.sql} but for {@code sql/schema} and {@code sql/checks}, and
 * {@code sql/seeds/*.csv}. A batch of edits is taken as far as it goes together with everything else: an edit that is
 * wrong, or that makes a file wrong which is right now, is refused and tried again with each later batch.
 */
final class SqlFiles implements EditableFiles {

    private static final int LONGEST = 5_000_000;

    private final Warehouse warehouse;
    private final Map<Path, CatalogEntry> accepted = new TreeMap<>();
    /** The newest text of each file; empty for a file that is gone. */
    private final Map<Path, Optional<String>> newest = new TreeMap<>();
    /** The files whose newest text is not in effect. */
    private final Set<Path> waiting = new TreeSet<>();

    private volatile Catalog catalog;

    SqlFiles(Warehouse warehouse) {
        this.warehouse = warehouse;
    }

    /** What is in effect; null before the first batch. */
    Catalog catalog() {
        return catalog;
    }

    @Override
    public boolean owns(Path file) {
        // migrations are the warehouse's, checks are those of alert rules
        if (!file.startsWith("sql")
                || file.startsWith(Path.of("sql", "schema"))
                || file.startsWith(Path.of("sql", "checks"))) {
            return false;
        }
        String name = file.getFileName().toString();
        return name.endsWith(".sql") || name.endsWith(".csv") && file.startsWith(Path.of("sql", "seeds"));
    }

    @Override
    public synchronized List<Refusal> apply(Map<Path, Optional<String>> changes) {
        newest.putAll(changes);
        waiting.addAll(changes.keySet());
        try {
            EditBatch settlement = settle(Set.of());
            accept(settlement);
            return settlement.refusals();
        } catch (SQLException e) {
            String reason = "the warehouse could not judge it, tried again with the next edit: " + e.getMessage();
            return waiting.stream().map(f -> new Refusal(f, null, reason)).toList();
        }
    }

    /**
     * The catalog as it would be if this model's new columns were allowed, for {@code rebuild}.
     *
     * @throws EditRefusedException when the model's newest text is wrong for another reason
     */
    synchronized EditBatch allowingNewColumns(String model) throws SQLException, EditRefusedException {
        EditBatch settlement = settle(Set.of(model));
        for (Refusal refusal : settlement.refusals()) {
            if (refusal.file().endsWith(model + ".sql")) {
                throw new EditRefusedException(refusal.file(), refusal.line(), refusal.reason());
            }
        }
        return settlement;
    }

    synchronized void accept(EditBatch settlement) {
        accepted.clear();
        accepted.putAll(settlement.accepted());
        waiting.clear();
        settlement.refusals().forEach(r -> waiting.add(r.file()));
        newest.entrySet().removeIf(e -> e.getValue().isEmpty() && !waiting.contains(e.getKey()));
        catalog = settlement.catalog();
    }

    private EditBatch settle(Set<String> rebuilding) throws SQLException {
        List<Refusal> refusals = new ArrayList<>();
        Map<Path, Optional<CatalogEntry>> edits = new TreeMap<>();
        for (Path file : waiting) {
            try {
                edits.put(file, parse(file, newest.get(file)));
            } catch (EditRefusedException e) {
                refusals.add(e.refusal());
            }
        }
        try (Connection c = warehouse.dataSource().getConnection()) {
            Set<Relation> landed = ModelDryRun.landed(c);
            EditBatch.Judge judge = entries -> {
                Catalog rehearsed = ModelDryRun.of(c, Catalog.of(entries, landed));
                ExistingTables.check(c, rehearsed, rebuilding);
                return rehearsed;
            };
            return EditBatch.of(accepted, edits, refusals, judge);
        }
    }

    private static Optional<CatalogEntry> parse(Path file, Optional<String> text) throws EditRefusedException {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        if (text.get().length() > LONGEST) {
            throw new EditRefusedException(
                    file, null, "the file is longer than " + LONGEST + " characters: load it as a report instead");
        }
        boolean seed = file.getFileName().toString().endsWith(".csv");
        return Optional.of(seed ? SeedFile.parse(file, text.get()) : ModelFile.parse(file, text.get()));
    }
}
