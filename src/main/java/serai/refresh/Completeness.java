package serai.refresh;

import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import serai.warehouse.Sql;

/**
 * Up to when models are complete: the least of what they read, and of what they have calculated themselves. A relation
 * of {@code landing} or {@code app} is complete up to the least of its active sources; a seed has no limit, and a
 * relation that no source declares is not known to be complete.
 */
final class Completeness {

    private static final String RELATIONS = """
            select c.relation, min(c.complete_to) as complete_to
            from meta.completeness c left join meta.sources s using (source)
            where coalesce(s.active, true) group by c.relation""";

    /** A time after all others: without a limit. */
    private static final Instant NO_LIMIT = Instant.MAX;

    private record Model(Instant coveredTo, List<String> reads) {}

    private final Map<String, Instant> relations = new HashMap<>();
    private final Map<String, Model> models = new HashMap<>();
    private final Map<String, Optional<Instant>> known = new HashMap<>();

    private Completeness() {}

    static Completeness read(Sql sql) throws SQLException {
        Completeness read = new Completeness();
        sql.each(RELATIONS, row -> read.relations.put(row.text("relation"), row.instant("complete_to")));
        sql.each(
                "select model, covered_to, reads from meta.model_state where active",
                row -> read.models.put(row.text("model"), new Model(row.instant("covered_to"), row.texts("reads"))));
        return read;
    }

    /** Up to when a model is complete; empty when that is not known, or when it has no limit. */
    Optional<Instant> of(String model) {
        return complete(model, new HashSet<>()).filter(time -> time != NO_LIMIT);
    }

    private Optional<Instant> complete(String name, Set<String> path) {
        Model model = models.get(name);
        if (model == null) {
            return Optional.ofNullable(relations.get(name));
        }
        if (!known.containsKey(name)) {
            known.put(name, path.add(name) ? least(model, path) : Optional.empty());
        }
        return known.get(name);
    }

    private Optional<Instant> least(Model model, Set<String> path) {
        Instant least = NO_LIMIT;
        for (String read : model.reads()) {
            Optional<Instant> input = complete(read, path);
            if (input.isEmpty()) {
                return input;
            }
            least = input.get().isBefore(least) ? input.get() : least;
        }
        if (model.coveredTo() != null && model.coveredTo().isBefore(least)) {
            least = model.coveredTo();
        }
        return Optional.of(least);
    }
}
