package serai.refresh;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import serai.edits.EditRefusedException;
import serai.warehouse.Relation;

/**
 * Models and seeds that go together, each after what it reads. What is read and is none of them is a relation of
 * {@code landing} or {@code app}.
 */
final class Catalog {

    private final Map<String, CatalogEntry> entries = new LinkedHashMap<>();
    private final Map<String, List<String>> reads = new HashMap<>();
    private final Map<String, RelationColumns> shapes;

    private Catalog(Map<String, RelationColumns> shapes) {
        this.shapes = shapes;
    }

    /**
     * Brings the entries into order.
     *
     * @param landed the relations of landing and app
     * @throws EditRefusedException when a name is unknown, ambiguous or taken, or when models read each other in a
     *     circle
     */
    static Catalog of(Collection<CatalogEntry> entries, Set<Relation> landed) throws EditRefusedException {
        Map<String, CatalogEntry> byName = new TreeMap<>();
        for (CatalogEntry entry : entries) {
            CatalogEntry other = byName.put(entry.name(), entry);
            if (other != null) {
                throw new EditRefusedException(
                        entry.file(),
                        null,
                        "the name " + entry.name() + " is taken by " + other.file() + ": rename one");
            }
            if (landed.stream().anyMatch(r -> r.name().equals(entry.name()))) {
                throw new EditRefusedException(
                        entry.file(),
                        null,
                        "the name " + entry.name() + " is taken by a landing table: rename the file");
            }
        }
        Catalog catalog = new Catalog(Map.of());
        for (CatalogEntry entry : byName.values()) {
            catalog.place(entry, byName, landed, new LinkedHashSet<>());
        }
        return catalog;
    }

    private void place(
            CatalogEntry entry, Map<String, CatalogEntry> byName, Set<Relation> landed, LinkedHashSet<String> path)
            throws EditRefusedException {
        if (entries.containsKey(entry.name())) {
            return;
        }
        if (!path.add(entry.name())) {
            List<String> circle = new ArrayList<>(path);
            circle = circle.subList(circle.indexOf(entry.name()), circle.size());
            throw new EditRefusedException(
                    entry.file(),
                    lineOfReads(entry),
                    "models read each other in a circle: " + String.join(" reads ", circle) + " reads " + entry.name()
                            + ". Take one of these out");
        }
        List<String> resolved = new ArrayList<>();
        for (String read : entry.reads()) {
            CatalogEntry upstream = byName.get(read);
            if (upstream != null) {
                place(upstream, byName, landed, path);
                resolved.add(read);
            } else {
                resolved.add(landed(entry, read, landed).toString());
            }
        }
        path.remove(entry.name());
        reads.put(entry.name(), List.copyOf(resolved));
        entries.put(entry.name(), entry);
    }

    private static Relation landed(CatalogEntry entry, String read, Set<Relation> landed) throws EditRefusedException {
        List<Relation> found = landed.stream()
                .filter(r -> r.toString().equals(read) || r.name().equals(read))
                .toList();
        if (found.isEmpty()) {
            throw new EditRefusedException(
                    entry.file(),
                    lineOfReads(entry),
                    "it reads " + read
                            + ", which is neither a model that stands nor a seed nor a relation of landing or app: mend @reads or that file");
        }
        if (found.size() > 1) {
            throw new EditRefusedException(
                    entry.file(),
                    lineOfReads(entry),
                    "it reads " + read + ", which is in landing and in app: write the schema, here and in the SELECT");
        }
        return found.get(0);
    }

    private static Integer lineOfReads(CatalogEntry entry) {
        return entry instanceof Model m ? m.lineOf("reads") : null;
    }

    /** The same catalog, knowing the columns of each entry. */
    Catalog with(Map<String, RelationColumns> known) {
        Catalog catalog = new Catalog(Map.copyOf(known));
        catalog.entries.putAll(entries);
        catalog.reads.putAll(reads);
        return catalog;
    }

    /** Each after what it reads. */
    Collection<CatalogEntry> inOrder() {
        return entries.values();
    }

    CatalogEntry get(String name) {
        return entries.get(name);
    }

    RelationColumns shape(CatalogEntry entry) {
        return shapes.get(entry.name());
    }

    /** What an entry reads: names of entries, or {@code schema.name} of what landed. */
    List<String> reads(CatalogEntry entry) {
        return reads.get(entry.name());
    }

    /** Every entry that it stands on, however far below. */
    Set<String> upstream(CatalogEntry entry) {
        Set<String> found = new LinkedHashSet<>();
        for (String read : reads(entry)) {
            if (entries.containsKey(read)) {
                found.add(read);
                found.addAll(upstream(entries.get(read)));
            }
        }
        return found;
    }

    /**
     * The relations whose changed days are days to recalculate: what it reads, through views. A table in between (a
     * dimension) passes nothing on.
     */
    Set<Relation> dirtyInputs(CatalogEntry entry) {
        Set<Relation> found = new LinkedHashSet<>();
        for (String read : reads(entry)) {
            CatalogEntry upstream = entries.get(read);
            if (upstream == null) {
                found.add(Relation.of(read));
            } else if (upstream.kind() == ModelKind.VIEW) {
                found.addAll(dirtyInputs(upstream));
            } else if (upstream.kind().byDay()) {
                found.add(upstream.relation());
            }
        }
        return found;
    }

    /** Identifies what a table was calculated by: its own definition and those of the views that it reads through. */
    String definitionHash(CatalogEntry entry) {
        StringBuilder views = new StringBuilder();
        for (String read : reads(entry)) {
            CatalogEntry upstream = entries.get(read);
            if (upstream != null && upstream.kind() == ModelKind.VIEW) {
                views.append(read).append('=').append(definitionHash(upstream)).append(' ');
            }
        }
        return Sha256.of(entry.hash(), views.toString());
    }

    boolean asksForRunId() {
        return entries.values().stream()
                .anyMatch(e -> e instanceof Model m && m.sql().parameters().contains("run_id"));
    }

    /** The definition of each view, to create it again when what it reads is replaced. */
    Map<Relation, String> viewDefinitions() {
        Map<Relation, String> definitions = new HashMap<>();
        for (CatalogEntry entry : entries.values()) {
            if (entry instanceof Model model && model.kind() == ModelKind.VIEW) {
                definitions.put(model.relation(), model.sql().definition());
            }
        }
        return definitions;
    }
}
