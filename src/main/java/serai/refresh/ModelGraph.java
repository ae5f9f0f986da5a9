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
 * The models and seeds that are valid together, as a graph of what reads what. A relation of {@code landing} or
 * {@code app} that a model reads is a source and no node of the graph.
 */
final class ModelGraph {

    /** In topological order: each node after those that it reads. */
    private final Map<String, Node> nodes = new LinkedHashMap<>();

    private final Map<String, List<String>> reads = new HashMap<>();
    private final Map<String, RelationColumns> columns;

    private ModelGraph(Map<String, RelationColumns> columns) {
        this.columns = columns;
    }

    /**
     * Orders nodes by what they read.
     *
     * @param sources the relations of landing and app
     * @throws EditRefusedException when a name is unknown, ambiguous or used twice, or when models read each other in a
     *     cycle
     */
    static ModelGraph of(Collection<Node> nodes, Set<Relation> sources) throws EditRefusedException {
        Map<String, Node> byName = new TreeMap<>();
        for (Node node : nodes) {
            Node other = byName.put(node.name(), node);
            if (other != null) {
                throw node.refuse(null, "the name " + node.name() + " is taken by " + other.file() + ": rename one");
            }
            if (sources.stream().anyMatch(source -> source.name().equals(node.name()))) {
                throw node.refuse(null, "the name " + node.name() + " is taken by a landing table: rename the file");
            }
        }
        ModelGraph graph = new ModelGraph(Map.of());
        for (Node node : byName.values()) {
            graph.add(node, byName, sources, new LinkedHashSet<>());
        }
        return graph;
    }

    /** Adds a node after those that it reads, which are added first. */
    private void add(Node node, Map<String, Node> byName, Set<Relation> sources, LinkedHashSet<String> path)
            throws EditRefusedException {
        if (nodes.containsKey(node.name())) {
            return;
        }
        if (!path.add(node.name())) {
            List<String> cycle = new ArrayList<>(path);
            cycle = cycle.subList(cycle.indexOf(node.name()), cycle.size());
            throw node.refuse(
                    "reads",
                    "models read each other in a cycle: " + String.join(" reads ", cycle) + " reads " + node.name()
                            + ". Remove one of these reads");
        }
        List<String> resolved = new ArrayList<>();
        for (String read : node.reads()) {
            Node upstream = byName.get(read);
            if (upstream != null) {
                add(upstream, byName, sources, path);
                resolved.add(read);
            } else {
                resolved.add(source(node, read, sources).toString());
            }
        }
        path.remove(node.name());
        reads.put(node.name(), List.copyOf(resolved));
        nodes.put(node.name(), node);
    }

    private static Relation source(Node node, String read, Set<Relation> sources) throws EditRefusedException {
        List<Relation> found = sources.stream()
                .filter(source ->
                        source.toString().equals(read) || source.name().equals(read))
                .toList();
        if (found.isEmpty()) {
            throw node.refuse(
                    "reads",
                    "it reads " + read + ", which is neither a valid model or seed nor a relation of landing or app:"
                            + " fix @reads or that file");
        }
        if (found.size() > 1) {
            throw node.refuse(
                    "reads",
                    "it reads " + read + ", which is in landing and in app: write the schema, here and in the SELECT");
        }
        return found.get(0);
    }

    /** The same graph with the columns of each node, by its name. */
    ModelGraph withColumns(Map<String, RelationColumns> columns) {
        ModelGraph graph = new ModelGraph(Map.copyOf(columns));
        graph.nodes.putAll(nodes);
        graph.reads.putAll(reads);
        return graph;
    }

    /** All nodes, each after those that it reads. */
    Collection<Node> nodes() {
        return nodes.values();
    }

    /** A node by its name, or null. */
    Node get(String name) {
        return nodes.get(name);
    }

    RelationColumns columns(Node node) {
        return columns.get(node.name());
    }

    /** What a node reads: names of nodes, and {@code schema.name} of sources. */
    List<String> reads(Node node) {
        return reads.get(node.name());
    }

    /** The names of all nodes that it reads, directly or through others. */
    Set<String> upstream(Node node) {
        Set<String> found = new LinkedHashSet<>();
        for (String read : reads(node)) {
            if (nodes.containsKey(read)) {
                found.add(read);
                found.addAll(upstream(nodes.get(read)));
            }
        }
        return found;
    }

    /**
     * The relations whose changed days make days of a node dirty: those that it reads, directly or through views. A
     * table in between (a dimension) passes no days on.
     */
    Set<Relation> dirtyInputs(Node node) {
        Set<Relation> found = new LinkedHashSet<>();
        for (String read : reads(node)) {
            Node upstream = nodes.get(read);
            if (upstream == null) {
                found.add(Relation.of(read));
            } else if (upstream.kind() == ModelKind.VIEW) {
                found.addAll(dirtyInputs(upstream));
            } else if (upstream.kind().isIncremental()) {
                found.add(upstream.relation());
            }
        }
        return found;
    }

    /** Identifies how a table is calculated: its own definition and those of the views through which it reads. */
    String definitionHash(Node node) {
        StringBuilder views = new StringBuilder();
        for (String read : reads(node)) {
            Node upstream = nodes.get(read);
            if (upstream != null && upstream.kind() == ModelKind.VIEW) {
                views.append(read).append('=').append(definitionHash(upstream)).append(' ');
            }
        }
        return Sha256.of(node.hash(), views.toString());
    }

    /** Whether a model has the parameter {@code :run_id}. */
    boolean usesRunId() {
        return nodes.values().stream()
                .anyMatch(node ->
                        node instanceof Model model && model.sql().parameters().contains("run_id"));
    }

    /** The definition of each view, to create it again when a relation that it reads is replaced. */
    Map<Relation, String> viewDefinitions() {
        Map<Relation, String> definitions = new HashMap<>();
        for (Node node : nodes.values()) {
            if (node instanceof Model model && model.kind() == ModelKind.VIEW) {
                definitions.put(model.relation(), model.sql().definition());
            }
        }
        return definitions;
    }
}
