package serai.refresh;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** In which order the nodes of a run may be refreshed: each after those that it, or a test that runs with it, needs. */
final class NodeOrder {

    private final ModelGraph graph;
    /** The nodes that have not been started, in order, each with those for which it waits. */
    private final Map<String, Set<String>> waiting = new LinkedHashMap<>();

    /** @param selected the nodes to refresh; they wait for each other also across others */
    NodeOrder(ModelGraph graph, Set<String> selected) {
        this.graph = graph;
        Map<String, Set<String>> before = new HashMap<>();
        for (Node node : graph.nodes()) {
            Set<String> needed = new LinkedHashSet<>();
            for (String one : graph.needs(node)) {
                needed.add(one);
                needed.addAll(before.get(one));
            }
            before.put(node.name(), needed);
            if (selected.contains(node.name())) {
                Set<String> waits = new LinkedHashSet<>(needed);
                waits.retainAll(selected);
                waiting.put(node.name(), waits);
            }
        }
    }

    /**
     * Takes the first node that waits for none; empty when there is none at present.
     *
     * @param mayBegin whether that node may begin now; else it stays the first
     */
    Optional<Node> next(Predicate<Node> mayBegin) {
        Optional<Node> next = waiting.entrySet().stream()
                .filter(entry -> entry.getValue().isEmpty())
                .findFirst()
                .map(entry -> graph.get(entry.getKey()))
                .filter(mayBegin);
        next.ifPresent(node -> waiting.remove(node.name()));
        return next;
    }

    /** A node that was taken needs not be waited for any more. */
    void done(Node node) {
        waiting.values().forEach(needed -> needed.remove(node.name()));
    }
}
