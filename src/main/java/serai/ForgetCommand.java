package serai;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import serai.command.CommandContext;
import serai.command.CommandOutput;
import serai.request.Pauses;
import serai.request.Subject;
import serai.warehouse.Instance;
import serai.warehouse.RunOutcome;
import serai.warehouse.Sql;
import serai.warehouse.Writer;

/** {@code forget}: removes what is kept about a source or a model that no file names any more. */
@Command(
        name = "forget",
        description = "Remove what is kept about a source or a model that no file names any more: its state, position,"
                + " changed days and pause. Its table, its runs and its rejects remain.")
final class ForgetCommand implements Callable<Integer> {

    /** What a file of a running instance still says of it; a file has the name of its model, or of its route. */
    private static final String NAMED = """
            select 'the file ' || file as place from meta.edits
            where case when ? = 'model'
              then file like 'sql/%' and file !~ '^sql/(schema|migrations|checks|jobs|cases)/'
                and regexp_replace(file, '^.*/', '') in (? || '.sql', ? || '.csv')
              else file like 'routes/%' and regexp_replace(file, '^.*/', '') = ? || '.camel.yaml' end
            union all
            select 'a route' from meta.sources where active and source = ? and ? = 'source'
            limit 1""";

    private static final String REMAINING = """
            select target as relation from meta.sources where source = ? and ? = 'source'
              and to_regclass(target) is not null
            union all
            select nspname || '.' || relname from pg_class c join pg_namespace n on n.oid = relnamespace
            where nspname in ('staging', 'star', 'report') and relname = ? and relkind in ('r', 'p', 'v', 'm')
              and ? = 'model'
            order by 1""";

    /** So that the command {@code drop} finds it. */
    private static final String KEEP_RELATION = """
            insert into meta.old_relations (relation, model, kind)
            select relation, model, kind from meta.model_state where model = ? and to_regclass(relation) is not null
            on conflict do nothing""";

    private final CommandContext context;

    @Mixin
    private CommandOutput output;

    @Parameters(paramLabel = "NAME", description = "the id of the source's route, or the name of the model")
    private String name;

    ForgetCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws Exception {
        for (Subject subject : subjects()) {
            List<String> remaining = forget(subject);
            output.print(
                    subject + " is forgotten."
                            + (remaining.isEmpty()
                                    ? ""
                                    : " In the warehouse remains " + String.join(", ", remaining)
                                            + "; drop it"
                                            + (subject.kind() == Subject.Kind.MODEL ? "" : " by a migration")
                                            + " if it is not needed."),
                    Map.of(
                            "kind",
                            subject.kind().text(),
                            "name",
                            subject.name(),
                            "forgotten",
                            true,
                            "remaining",
                            remaining));
        }
        return 0;
    }

    private List<Subject> subjects() throws SQLException {
        try (Connection c = context.warehouse().dataSource().getConnection()) {
            return Subject.named(Sql.on(c), name);
        }
    }

    /** @return the tables and views that remain */
    private List<String> forget(Subject subject) throws Exception {
        boolean isSource = subject.kind() == Subject.Kind.SOURCE;
        // the lease's row stays: a new one would begin with an epoch that an old writer may still have
        String lease = isSource ? name : "refresh:" + name;
        try (Writer writer = context.warehouse()
                .tryWriter(lease)
                .orElseThrow(() -> new IllegalStateException(subject + " runs now; try again when it has ended."))) {
            refuseNamed(writer.sql(), subject);
            String kind = subject.kind().text();
            List<String> remaining = writer.sql().list(REMAINING, row -> row.text("relation"), name, kind, name, kind);
            writer.commitWithState(tx -> {
                delete(tx.sql(), "meta.offsets", "source", lease);
                if (isSource) {
                    delete(tx.sql(), "meta.sources", "source", name);
                    delete(tx.sql(), "meta.completeness", "source", name);
                    delete(tx.sql(), "meta.loaded_files", "source", name);
                    delete(tx.sql(), "meta.held", "source", name);
                    delete(tx.sql(), "meta.copy_ranges", "source", name);
                    delete(tx.sql(), "meta.replicated_tables", "source", name);
                    delete(tx.sql(), "meta.replicated_sources", "source", name);
                } else {
                    tx.sql().update(KEEP_RELATION, name);
                    delete(tx.sql(), "meta.model_dirty", "model", name);
                    delete(tx.sql(), "meta.model_dirty_keys", "model", name);
                    delete(tx.sql(), "meta.seals", "model", name);
                    delete(tx.sql(), "meta.model_state", "model", name);
                }
                Pauses.delete(tx.sql(), subject);
                return RunOutcome.ok();
            });
            return remaining;
        }
    }

    private static void refuseNamed(Sql sql, Subject subject) throws SQLException {
        Optional<String> instance = Instance.running(sql);
        if (instance.isEmpty()) {
            return;
        }
        String name = subject.name();
        String kind = subject.kind().text();
        Optional<String> place = sql.first(NAMED, row -> row.text("place"), kind, name, name, name, name, kind);
        if (place.isPresent()) {
            throw new IllegalStateException(subject + " is named by " + place.get() + " of the running instance "
                    + instance.get() + ". Remove it there first.");
        }
    }

    private static void delete(Sql sql, String table, String column, String value) throws SQLException {
        sql.update("delete from " + table + " where " + column + " = ?", value);
    }
}
