package serai.load;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.RouteDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import serai.load.ReplayedRejects.OpenReject;
import serai.request.Pause;
import serai.request.Pauses;
import serai.request.Subject;
import serai.warehouse.RunOutcome;
import serai.warehouse.Sql;
import serai.warehouse.Transaction;
import serai.warehouse.Warehouse;
import serai.warehouse.Writer;

/**
 * Applies open rejects of a route with {@code upsert-rows} again, from what was received, by the route as it is now.
 */
final class Replay {

    private static final Logger LOG = LoggerFactory.getLogger(Replay.class);

    /** Rejects of one part; each has 64 KiB at most. */
    private static final int PART = 500;

    /**
     * Of those with one key the newest, unless it was cut, or a later row of its message had the key; in the order in
     * which they came.
     */
    private static final String OPEN = """
            select id from (
              select distinct on (coalesce(locator -> 'key', to_jsonb(id))) id, run_id,
                (locator ->> 'row')::bigint as row, payload_bytes > length(payload) as cut, locator -> 'later' as later
              from meta.rejects where source = ? and target = ? and resolved_at is null
              order by coalesce(locator -> 'key', to_jsonb(id)), run_id desc, (locator ->> 'row')::bigint desc, id desc
            ) newest
            where not cut and later is null order by run_id, row, id""";

    private static final String READ = """
            select r.id, payload, (select array_agg(value order by place)
              from jsonb_array_elements_text(locator -> 'key') with ordinality as k(value, place)) as key
            from meta.rejects r join unnest(?::bigint[]) with ordinality as part(id, place) on part.id = r.id
            order by part.place""";

    private final Warehouse warehouse;
    private final CamelContext context;
    private final String source;
    private long applied;
    private long covered;
    private String problem = "";

    /** @param context in which the source's route is */
    Replay(Warehouse warehouse, CamelContext context, String source) {
        this.warehouse = warehouse;
        this.context = context;
        this.source = source;
    }

    /**
     * Applies them.
     *
     * @return a sentence on what became of them
     * @throws IllegalStateException when the source is paused
     */
    String run() throws Exception {
        Optional<Pause> pause = Pauses.find(warehouse, new Subject(Subject.Kind.SOURCE, source));
        if (pause.isPresent()) {
            throw new IllegalStateException(pause.get().refusal());
        }
        try (Writer writer = warehouse.writer(source)) {
            for (Upsert.Plan plan : plans()) {
                run(writer, plan);
            }
            long open = writer.read(sql -> open(sql, source));
            return source + ": " + applied + " rejects are applied, " + open + " are open."
                    + (covered == 0
                            ? ""
                            : " Of " + covered + " the table has a row with the same key that may be newer.")
                    + problem;
        }
    }

    private List<Upsert.Plan> plans() {
        RouteDefinition route = ((ModelCamelContext) context).getRouteDefinition(source);
        List<Upsert.Plan> plans = new ArrayList<>();
        for (KameletSteps.Step step : route == null ? List.<KameletSteps.Step>of() : KameletSteps.of(route)) {
            if (step.kamelet().equals(UpsertRows.KIND)) {
                Map<String, Object> properties = step.properties(context);
                Upsert.Plan plan = UpsertRows.plan(source, properties);
                if (plans.stream().noneMatch(other -> other.relation().equals(plan.relation()))) {
                    plans.add(plan);
                }
            }
        }
        return plans;
    }

    /** The number of a source's open rejects. */
    static long open(Sql sql, String source) throws SQLException {
        return sql.first(
                        "select count(*) as open from meta.rejects where source = ? and resolved_at is null",
                        row -> row.number("open"),
                        source)
                .orElseThrow();
    }

    private void run(Writer writer, Upsert.Plan plan) throws Exception {
        List<Long> ids = writer.read(sql ->
                sql.list(OPEN, row -> row.number("id"), source, plan.relation().toString()));
        for (int i = 0; i < ids.size(); i += PART) {
            List<Long> part = ids.subList(i, Math.min(i + PART, ids.size()));
            List<OpenReject> rejects = writer.read(sql -> sql.list(READ, OpenReject::of, part));
            for (ReplayedRejects replayed : ReplayedRejects.parts(rejects)) {
                writer.begin(UpsertRows.KIND, null);
                RunOutcome outcome = writer.commitWithState(tx -> apply(tx, plan, replayed));
                applied += replayed.applied();
                covered += replayed.covered();
                LOG.info(
                        "source={} table={} status={} Rejects were applied again: read={} inserted={} updated={}"
                                + " rejected={}",
                        source,
                        plan.relation(),
                        outcome.status(),
                        outcome.read(),
                        outcome.inserted(),
                        outcome.updated(),
                        outcome.rejected());
            }
        }
    }

    /** Rejects that still do not fit are no reason to distrust the source. */
    private RunOutcome apply(Transaction tx, Upsert.Plan plan, ReplayedRejects replayed) throws Exception {
        try (MessageRows rows = new MessageRows(replayed.message())) {
            RunOutcome outcome = new Upsert(tx, plan, replayed).run(rows, Optional.empty());
            if (outcome.status() != RunOutcome.Status.HELD) {
                return outcome;
            }
            problem = " " + outcome.error();
            return RunOutcome.unchanged().read(outcome.read());
        }
    }
}
