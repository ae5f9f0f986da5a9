package serai.refresh;

import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import serai.warehouse.Relation;
import serai.warehouse.Row;
import serai.warehouse.Sql;

/**
 * A table or view that was built from a file that is removed, renamed or moved to another folder. It still stands in
 * the warehouse, and its rows grow old.
 *
 * @param kind the kind as which it was built
 * @param since when it was refreshed last, or when its model was moved; null when that is not known
 */
record OldRelation(Relation relation, String model, String kind, Instant since) {

    private static final String ALL = """
            with known as (
              select coalesce(m.relation, found.relation) as relation, m.model, m.kind, m.last_success_at as since
              from meta.model_state m left join lateral (
                select n.nspname || '.' || c.relname as relation
                from pg_class c join pg_namespace n on n.oid = c.relnamespace
                where n.nspname in ('staging', 'star', 'report') and c.relname = m.model limit 1) as found on true
              where not m.active and m.last_success_at is not null and m.kind <> 'script'
                -- a model whose file is refused is not active either
                and not exists (
                  select from meta.edits e
                  where e.status = 'refused' and e.file ~ '^sql/(staging|dims|facts|reports|seeds)/'
                    and regexp_replace(e.file, '^.*/', '') in (m.model || '.sql', m.model || '.csv'))
              union all
              select relation, model, kind, since from meta.old_relations)
            select * from known k where to_regclass(k.relation) is not null
              and not exists (select from meta.model_state a where a.active and a.relation = k.relation)
            order by relation""";

    /** All of them. */
    static List<OldRelation> all(Sql sql) throws SQLException {
        return sql.list(ALL, OldRelation::of);
    }

    private static OldRelation of(Row row) throws SQLException {
        return new OldRelation(
                Relation.of(row.text("relation")), row.text("model"), row.text("kind"), row.instant("since"));
    }

    /** Whether its rows cannot be calculated again. */
    boolean hasOnlyCopy() {
        return kind.equals(ModelKind.ONCE.text());
    }
}
