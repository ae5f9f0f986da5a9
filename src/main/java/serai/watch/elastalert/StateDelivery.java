package serai.watch.elastalert;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import serai.warehouse.Outcome;
import serai.warehouse.Reject;
import serai.warehouse.Relation;
import serai.warehouse.Transaction;
import serai.warehouse.Warehouse;
import serai.warehouse.Writer;
import serai.watch.search.Search;

/**
 * Brings the documents of {@code meta.elastalert_documents} into ElastAlert's indices, oldest first. Each has an id that is the same when
 * it is brought again, so a kill in between does no harm. What Elasticsearch refuses for good is put aside in {@code meta.rejects}.
 */
final class StateDelivery {

    private static final Logger LOG = LoggerFactory.getLogger(StateDelivery.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int TOGETHER = 1_000;
    private static final int MOST_BYTES = 5_000_000;
    private static final int CROWD = 200_000;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int SERVER_ERROR = 500;

    private final Warehouse warehouse;
    private final StateServer server;
    private final StateIndices indices;
    private final StateLog log;
    private boolean created;
    private String trouble;

    /** A document on its way. */
    private record Row(long number, StateDocument.Kind kind, String id, ObjectNode body) {
    }

    StateDelivery(Warehouse warehouse, StateServer server, StateIndices indices, StateLog log) {
        this.warehouse = warehouse;
        this.server = server;
        this.indices = indices;
        this.log = log;
    }

    /** Brings what there is; fails never, and is called again soon. Called by one thread at a time. */
    void deliver() {
        try {
            boolean more = isAnything();
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

    private boolean isAnything() throws SQLException {
        try (Connection c = warehouse.dataSource().getConnection(); PreparedStatement s = c.prepareStatement(
                "select exists (select 1 from meta.elastalert_documents)"); ResultSet r = s.executeQuery()) {
            r.next();
            return r.getBoolean(1);
        }
    }

    /** @return whether there may be more */
    private boolean some(Writer taken) throws Exception {
        try (Writer writer = taken) {
            List<Row> rows = rows(writer.connection());
            if (rows.isEmpty()) {
                log.crowded(false);
                return false;
            }
            try {
                create();
                JsonNode answer = server.send("POST", "/_bulk", "filter_path=errors,items.*.status,items.*.error.reason", lines(rows));
                boolean all = settle(writer, rows, answer);
                log.crowded(false);
                return all && rows.size() == TOGETHER;
            } catch (Search.FailedException e) {
                log.crowded(count(writer.connection()) > CROWD);
                throw e;
            }
        }
    }

    /** An alert's document waits until one of its messages was delivered, or none can be any more. */
    private static List<Row> rows(Connection c) throws SQLException, IOException {
        List<Row> rows = new ArrayList<>();
        try (PreparedStatement s = c.prepareStatement("""
                select d.document_id, d.kind, d.id, d.body, o.messages > 0 and not o.sent as failed, o.error
                from meta.elastalert_documents d
                left join lateral (select count(*) as messages, bool_or(status = 'sent') as sent,
                    bool_and(status in ('sent', 'failed')) as settled, max(error) as error
                  from meta.outbox where alert_id = d.alert_id) o on d.alert_id is not null
                where d.alert_id is null or o.messages = 0 or o.sent or o.settled
                order by d.document_id limit ?""")) {
            s.setInt(1, TOGETHER);
            try (ResultSet r = s.executeQuery()) {
                for (int bytes = 0; bytes < MOST_BYTES && r.next();) {
                    ObjectNode body = (ObjectNode) JSON.readTree(r.getString(4));
                    if (r.getBoolean(5)) {
                        body.put("alert_sent", false).put("alert_exception", r.getString(6));
                    }
                    rows.add(new Row(r.getLong(1), StateDocument.Kind.valueOf(r.getString(2).toUpperCase(Locale.ROOT)), r.getString(3),
                            body));
                    bytes += r.getString(4).length();
                }
            }
        }
        return rows;
    }

    private String lines(List<Row> rows) {
        StringBuilder lines = new StringBuilder();
        for (Row row : rows) {
            ObjectNode action = JSON.createObjectNode();
            action.putObject("index").put("_index", index(row.kind())).put("_id", row.id());
            lines.append(action.toString()).append('\n').append(row.body().toString()).append('\n');
        }
        return lines.toString();
    }

    private String index(StateDocument.Kind kind) {
        return switch (kind) {
            case STATUS -> indices.status();
            case SILENCE -> indices.silence();
            case ALERT -> indices.base();
            case ERROR -> indices.error();
        };
    }

    /** Takes away what Elasticsearch has, and puts aside what it will never take; the rest is brought again. */
    private boolean settle(Writer writer, List<Row> rows, JsonNode answer) throws Exception {
        List<Long> gone = new ArrayList<>();
        List<Row> refused = new ArrayList<>();
        List<String> reasons = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            JsonNode item = answer.path("items").path(i).path("index");
            int status = item.path("status").asInt(SERVER_ERROR);
            boolean later = status == TOO_MANY_REQUESTS || status >= SERVER_ERROR;
            if (!later) {
                gone.add(rows.get(i).number());
            }
            if (item.at("/error/reason").asText().contains("op_type of create")) {
                throw new Search.FailedException(index(rows.get(i).kind()) + " is a data stream, in which documents cannot change; name"
                        + " another watch.writeback-index, or set watch.write-elastalert-state = false", null);
            }
            if (!later && status >= 300) {
                refused.add(rows.get(i));
                reasons.add(item.at("/error/reason").asText("refused"));
            }
        }
        writer.commitWithState(tx -> {
            for (int i = 0; i < refused.size(); i++) {
                putAside(tx, refused.get(i), reasons.get(i));
            }
            try (PreparedStatement s = tx.connection().prepareStatement(
                    "delete from meta.elastalert_documents where document_id = any (?)")) {
                s.setArray(1, tx.connection().createArrayOf("bigint", gone.toArray()));
                s.executeUpdate();
            }
            return Outcome.ok(gone.size(), 0, 0, refused.size(), null);
        });
        if (!refused.isEmpty()) {
            LOG.warn("documents={} were refused by ElastAlert's indices and are in meta.rejects: {}", refused.size(), reasons.get(0));
        }
        return gone.size() == rows.size();
    }

    private void putAside(Transaction tx, Row row, String reason) {
        tx.reject(new Reject(new Relation("elasticsearch", index(row.kind())), 1, null, reason, List.of("_id", "_source"),
                List.of(row.id(), row.body().toString())));
    }

    /** Makes those indices that are missing, with the mappings that ElastAlert gives them. */
    private void create() throws Search.FailedException {
        if (created) {
            return;
        }
        for (StateDocument.Kind kind : StateDocument.Kind.values()) {
            create(index(kind), kind.name().toLowerCase(Locale.ROOT));
        }
        create(indices.past(), "past");
        created = true;
    }

    /** Who may write an index may not always make one: that is asked for only where it is missing. */
    private void create(String index, String mapping) throws Search.FailedException {
        try {
            server.send("GET", "/" + index + "/_count", "", null);
        } catch (Search.FailedException e) {
            if (!String.valueOf(e.getMessage()).contains("no such index")) {
                throw e;
            }
            server.send("PUT", "/" + index, "", "{\"mappings\":" + resource(mapping) + "}");
            LOG.info("index={} was made for ElastAlert's documents", index);
        }
    }

    private static String resource(String mapping) {
        try (InputStream in = StateDelivery.class.getResourceAsStream(mapping + ".json")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long count(Connection c) throws SQLException {
        try (PreparedStatement s = c.prepareStatement("select count(*) from meta.elastalert_documents"); ResultSet r = s.executeQuery()) {
            r.next();
            return r.getLong(1);
        }
    }

    private void say(String now, Exception e) {
        if (!now.equals(trouble)) {
            trouble = now;
            LOG.atWarn().setCause(e instanceof Search.FailedException ? null : e)
                    .log("ElastAlert's indices cannot be written, and what is for them waits: {}", now);
        }
    }
}
