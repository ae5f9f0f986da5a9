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
 * Up to when models are complete: a table, up to the least of its inputs when it was last refreshed; a view, up to the
 * least of them now. A relation of {@code landing} or {@code app} is complete up to the least of its active sources and
 * of what {@code sql/sources.yaml} says; a seed has no limit, and a relation that no source declares is not known to be
 * complete.
 */
final class Completeness {

    /** A time after all others: without a limit. */
    static final Instant NO_LIMIT = Instant.MAX;

    private static final String RELATIONS = """
            select relation, min(complete_to) = 'infinity' as no_limit,
              nullif(min(complete_to), 'infinity') as complete_to
            from (
              select c.relation, c.complete_to from meta.completeness c left join meta.sources s using (source)
              where coalesce(s.active, true)
              union all
              select relation, coalesce(clock_timestamp() - complete_after, 'infinity') from meta.declared_sources
            ) as known group by relation""";

    private static final String MODELS = """
            select model, kind, reads, complete_to = 'infinity' as no_limit,
              nullif(complete_to, 'infinity') as complete_to
            from meta.model_state where active""";

    private record Model(boolean isView, List<String> reads, Optional<Instant> completeTo) {}

    private final Map<String, Instant> relations = new HashMap<>();
    private final Map<String, Model> models = new HashMap<>();

    private Completeness() {}

    static Completeness read(Sql sql) throws SQLException {
        Completeness read = new Completeness();
        sql.each(
                RELATIONS,
                row -> read.relations.put(
                        row.text("relation"), row.flag("no_limit") ? NO_LIMIT : row.instant("complete_to")));
        sql.each(MODELS, row -> {
            Optional<Instant> completeTo = row.text("kind").equals("seed") || row.flag("no_limit")
                    ? Optional.of(NO_LIMIT)
                    : Optional.ofNullable(row.instant("complete_to"));
            read.models.put(
                    row.text("model"), new Model(row.text("kind").equals("view"), row.texts("reads"), completeTo));
        });
        return read;
    }

    /** Up to when a model is complete; empty when that is not known, or when it has no limit. */
    Optional<Instant> of(String model) {
        return complete(model, new HashSet<>()).filter(time -> !time.equals(NO_LIMIT));
    }

    /** Whether a model is known to be complete up to just this time. */
    boolean isRecorded(String model, Instant time) {
        return models.containsKey(model) && models.get(model).completeTo().equals(Optional.of(time));
    }

    /** The least of relations and models; empty when one of them is not known to be complete. */
    Optional<Instant> least(List<String> reads) {
        return least(reads, new HashSet<>());
    }

    private Optional<Instant> least(List<String> reads, Set<String> path) {
        Instant least = NO_LIMIT;
        for (String read : reads) {
            Optional<Instant> input = complete(read, path);
            if (input.isEmpty()) {
                return input;
            }
            least = input.get().isBefore(least) ? input.get() : least;
        }
        return Optional.of(least);
    }

    private Optional<Instant> complete(String name, Set<String> path) {
        Model model = models.get(name);
        if (model == null) {
            return Optional.ofNullable(relations.get(name));
        }
        if (!model.isView()) {
            return model.completeTo();
        }
        // views that read each other are refused; a row of an older file may still say so
        Optional<Instant> least = path.add(name) ? least(model.reads(), path) : Optional.empty();
        path.remove(name);
        return least;
    }

    /** Records up to when a model that was refreshed is complete. */
    static void write(Sql sql, String model, Instant completeTo) throws SQLException {
        sql.update(
                "update meta.model_state set complete_to = ?::timestamptz where model = ?",
                completeTo.equals(NO_LIMIT) ? "infinity" : completeTo.toString(),
                model);
    }
}
