package serai.refresh;

import java.sql.SQLException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import serai.warehouse.Sql;

/**
 * The tables of {@code app} that are copied for the first time, or copied anew since changes were lost: what reads them
 * would take a part for the whole.
 */
final class HalfCopied {

    private static final String TABLES = """
            select relation from meta.replicated_tables where state in ('copying', 'catching_up') or gap""";

    private final Set<String> relations;

    private HalfCopied(Set<String> relations) {
        this.relations = relations;
    }

    static HalfCopied read(Sql sql) throws SQLException {
        return new HalfCopied(new HashSet<>(sql.list(TABLES, row -> row.text("relation"))));
    }

    /** One that a node reads, itself or through views. */
    Optional<String> of(ModelGraph graph, Node node) {
        for (String read : graph.reads(node)) {
            Optional<String> found = relations.contains(read)
                    ? Optional.of(read)
                    : Optional.ofNullable(graph.get(read))
                            .filter(view -> view.kind() == ModelKind.VIEW)
                            .flatMap(view -> of(graph, view));
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }
}
