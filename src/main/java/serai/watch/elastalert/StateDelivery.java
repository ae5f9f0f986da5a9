package serai.watch.elastalert;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import serai.warehouse.Reject;
import serai.warehouse.Relation;
import serai.warehouse.RunOutcome;
import serai.warehouse.Transaction;
import serai.warehouse.Warehouse;
import serai.warehouse.Writer;
import serai.watch.query.Search;

/**
 * Brings the documents of {@code meta.elastalert_documents} into ElastAlert's indices, oldest first. Each has an id
 * that is the same when it is brought again, so a kill in between does no harm. What Elasticsearch refuses for good is
 * put aside in {@code meta.rejects}.
 */
final class StateDelivery {

    private static final Logger LOG = LoggerFactory.getLogger(StateDelivery.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int TOGETHER = 1_000;
    private static final int CROWD = 200_000;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int SERVER_ERROR = 500;

    private final Warehouse warehouse;
    private final StateServer server;
    private final StateIndices indices;
    private final StateLog log;
    private final IndexCreator maker;
    private String trouble;

    StateDelivery(Warehouse warehouse, StateServer server, StateIndices indices, StateLog log) {
        this.warehouse = warehouse;
        this.server = server;
        this.indices = indices;
        this.log = log;
        this.maker = new IndexCreator(server, indices);
    }

    /** Brings what there is; fails never, and is called again soon. Called by one thread at a time. */
    void deliver() {
        try {
            boolean more = StateRows.isAnything(warehouse.dataSource());
            while (more) {
                Optional<Writer> writer = warehouse.tryWriter("elastalert-documents");
                more = writer.isPresent() && some(writer.get());
            }
            if (trouble != null) {
                LOG.info("ElastAlert's indices can be written again.");
            }
            trouble = null;
        } catch (Exception e) {
            say(String.valueOf(e.getMessage()), e);
        }
    }

    /** @return whether there may be more */
    private boolean some(Writer taken) throws Exception {
        try (Writer writer = taken) {
            List<StateRows.Row> rows = StateRows.ready(writer.connection(), TOGETHER);
            if (rows.isEmpty()) {
                log.setBacklogged(false);
                return false;
            }
            try {
                maker.make();
                JsonNode answer = server.send(
                        "POST", "/_bulk", "filter_path=errors,items.*.status,items.*.error.reason", lines(rows));
                boolean all = settle(writer, rows, answer);
                log.setBacklogged(false);
                return all && rows.size() == TOGETHER;
            } catch (Search.FailedException e) {
                log.setBacklogged(StateRows.count(writer.connection()) > CROWD);
                throw e;
            }
        }
    }

    private String lines(List<StateRows.Row> rows) {
        StringBuilder lines = new StringBuilder();
        for (StateRows.Row row : rows) {
            ObjectNode action = JSON.createObjectNode();
            action.putObject("index").put("_index", indices.of(row.kind())).put("_id", row.id());
            lines.append(action.toString())
                    .append('\n')
                    .append(row.body().toString())
                    .append('\n');
        }
        return lines.toString();
    }

    /** Takes away what Elasticsearch has, and puts aside what it will never take; the rest is brought again. */
    private boolean settle(Writer writer, List<StateRows.Row> rows, JsonNode answer) throws Exception {
        List<Long> gone = new ArrayList<>();
        Set<String> left = new HashSet<>();
        List<StateRows.Row> refused = new ArrayList<>();
        List<String> reasons = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            JsonNode item = answer.path("items").path(i).path("index");
            int status = item.path("status").asInt(SERVER_ERROR);
            // what is brought again goes before what was written later of the same: else the older word would be the
            // last
            boolean again = status == TOO_MANY_REQUESTS
                    || status >= SERVER_ERROR
                    || left.contains(rows.get(i).id());
            if (again) {
                left.add(rows.get(i).id());
            } else {
                gone.add(rows.get(i).number());
            }
            if (item.at("/error/reason").asText().contains("op_type of create")) {
                throw new Search.FailedException(
                        indices.of(rows.get(i).kind()) + " is a data stream, in which documents cannot change;"
                                + " name another watch.writeback-index, or set watch.write-elastalert-state = false",
                        null);
            }
            if (!again && status >= 300) {
                refused.add(rows.get(i));
                reasons.add(item.at("/error/reason").asText("refused"));
            }
        }
        writer.commitWithState(tx -> {
            for (int i = 0; i < refused.size(); i++) {
                putAside(tx, refused.get(i), reasons.get(i));
            }
            StateRows.remove(tx.connection(), gone);
            return RunOutcome.ok(gone.size(), 0, 0, refused.size(), null);
        });
        if (!refused.isEmpty()) {
            LOG.warn(
                    "documents={} were refused by ElastAlert's indices and are in meta.rejects: {}",
                    refused.size(),
                    reasons.get(0));
        }
        return gone.size() == rows.size();
    }

    private void putAside(Transaction tx, StateRows.Row row, String reason) {
        tx.reject(new Reject(
                new Relation("elasticsearch", indices.of(row.kind())),
                1,
                null,
                reason,
                List.of("_id", "_source"),
                List.of(row.id(), row.body().toString())));
    }

    private void say(String now, Exception e) {
        if (!now.equals(trouble)) {
            trouble = now;
            LOG.atWarn()
                    .setCause(e instanceof Search.FailedException ? null : e)
                    .log("ElastAlert's indices cannot be written, and what is for them waits: {}", now);
        }
    }
}
