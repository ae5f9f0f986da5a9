package serai.refresh;

import java.util.Set;

/**
 * A {@link DataTest} in a graph.
 *
 * @param node the node in whose transaction it runs: all others that it reads are refreshed before
 * @param reads what its SELECT names: names of nodes, and {@code schema.name} of sources
 * @param inputs what it reads, directly or through views
 */
record PlacedTest(DataTest test, Node node, Set<String> reads, Set<String> inputs) {

    /** Whether it reads rows whose changes the refresh does not see. */
    boolean readsSources() {
        return inputs.stream().anyMatch(input -> input.contains("."));
    }
}
