package serai.watch.elastalert;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import serai.elasticsearch.ElasticsearchException;
import serai.elasticsearch.ElasticsearchException.Fault;
import serai.warehouse.Reject;
import serai.warehouse.Relation;
import serai.warehouse.RunOutcome;
import serai.warehouse.Sql;
import serai.warehouse.Warehouse;
import serai.warehouse.Writer;
import serai.watch.elastalert.DocumentTable.StoredDocument;

/**
 * Sends the documents of {@code meta.elastalert_documents} to ElastAlert's indices, oldest first. The id of a document
 * is the same each time it is sent, so a repeat after a crash changes nothing. Documents that Elasticsearch will never
 * accept become rows of {@code meta.rejects}.
 */
final class StateDelivery {

    private static final Logger LOG = LoggerFactory.getLogger(StateDelivery.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MAX_BATCH = 1_000;
    private static final int BACKLOG = 200_000;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int SERVER_ERROR = 500;

    private final Warehouse warehouse;
    private final StateServer server;
    private final String writebackIndex;
    private final StateRecorder recorder;
    private final IndexCreator indices;
    private String problem;

    StateDelivery(Warehouse warehouse, StateServer server, String writebackIndex, StateRecorder recorder) {
        this.warehouse = warehouse;
        this.server = server;
        this.writebackIndex = writebackIndex;
        this.recorder = recorder;
        this.indices = new IndexCreator(server, writebackIndex);
    }

    /** Sends what waits. Never fails: problems are logged, and the next call tries again. For one thread at a time. */
    void deliver() {
        try {
            boolean more = isAnythingWaiting();
            while (more) {
                Optional<Writer> writer = warehouse.tryWriter("elastalert-documents");
                more = writer.isPresent() && deliverBatch(writer.get());
            }
            if (problem != null) {
                LOG.info("ElastAlert's indices can be written again.");
            }
            problem = null;
        } catch (Exception e) {
            log(e);
        }
    }

    private boolean isAnythingWaiting() throws SQLException {
        try (Connection c = warehouse.dataSource().getConnection()) {
            return !DocumentTable.isEmpty(Sql.on(c));
        }
    }

    /** @return whether there may be more */
    private boolean deliverBatch(Writer opened) throws Exception {
        try (Writer writer = opened) {
            List<StoredDocument> documents = DocumentTable.ready(writer.sql(), MAX_BATCH);
            if (documents.isEmpty()) {
                recorder.setBacklogged(false);
                return false;
            }
            try {
                indices.create();
                JsonNode answer = server.send(
                        "POST", "/_bulk", "filter_path=errors,items.*.status,items.*.error.reason", bulk(documents));
                boolean all = settle(writer, documents, answer);
                recorder.setBacklogged(false);
                return all && documents.size() == MAX_BATCH;
            } catch (ElasticsearchException e) {
                recorder.setBacklogged(DocumentTable.count(writer.sql()) > BACKLOG);
                throw e;
            }
        }
    }

    private String bulk(List<StoredDocument> documents) {
        StringBuilder lines = new StringBuilder();
        for (StoredDocument document : documents) {
            ObjectNode action = JSON.createObjectNode();
            action.putObject("index")
                    .put("_index", document.kind().index(writebackIndex))
                    .put("_id", document.id());
            lines.append(action).append('\n').append(document.body()).append('\n');
        }
        return lines.toString();
    }

    /** Deletes what Elasticsearch has, and rejects what it will never accept; the rest is sent again. */
    private boolean settle(Writer writer, List<StoredDocument> documents, JsonNode answer) throws Exception {
        List<Long> done = new ArrayList<>();
        Set<String> repeated = new HashSet<>();
        List<Reject> rejects = new ArrayList<>();
        for (int i = 0; i < documents.size(); i++) {
            StoredDocument document = documents.get(i);
            JsonNode item = answer.path("items").path(i).path("index");
            int status = item.path("status").asInt(SERVER_ERROR);
            String reason = item.at("/error/reason").asText("refused");
            if (reason.contains("op_type of create")) {
                throw new ElasticsearchException(
                        Fault.REFUSED,
                        document.kind().index(writebackIndex)
                                + " is a data stream, in which documents cannot change; name another"
                                + " watch.writeback-index, or set watch.write-elastalert-state = false",
                        null);
            }
            if (status == TOO_MANY_REQUESTS || status >= SERVER_ERROR || repeated.contains(document.id())) {
                // later versions of the same document are sent again too, so that the newest is written last
                repeated.add(document.id());
            } else {
                done.add(document.number());
                if (status >= 300) {
                    rejects.add(reject(document, reason));
                }
            }
        }
        writer.commitWithState(tx -> {
            rejects.forEach(tx::reject);
            DocumentTable.delete(tx.sql(), done);
            return RunOutcome.ok();
        });
        if (!rejects.isEmpty()) {
            LOG.warn(
                    "documents={} were refused by ElastAlert's indices and are in meta.rejects: {}",
                    rejects.size(),
                    rejects.get(0).reason());
        }
        return done.size() == documents.size();
    }

    private Reject reject(StoredDocument document, String reason) {
        String index = document.kind().index(writebackIndex);
        String body = document.body().toString();
        return new Reject(
                new Relation("elasticsearch", index),
                Map.of("index", index, "id", document.id()),
                List.of(document.id(), body),
                body.getBytes(StandardCharsets.UTF_8),
                reason);
    }

    private void log(Exception e) {
        String message = String.valueOf(e.getMessage());
        if (!message.equals(problem)) {
            problem = message;
            LOG.atWarn()
                    .setCause(e instanceof ElasticsearchException ? null : e)
                    .log("ElastAlert's indices cannot be written; documents wait in the warehouse: {}", message);
        }
    }
}
