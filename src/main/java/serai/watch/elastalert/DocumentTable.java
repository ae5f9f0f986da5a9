package serai.watch.elastalert;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import serai.warehouse.PostgresJson;
import serai.warehouse.Row;
import serai.warehouse.Sql;

/** {@code meta.elastalert_documents}: documents that wait for their delivery. */
final class DocumentTable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MAX_BYTES = 5_000_000;

    private DocumentTable() {}

    /** A document that can be delivered. */
    record StoredDocument(long number, StateDocument.Kind kind, String id, ObjectNode body) {}

    static void insert(Sql sql, List<StateDocument> documents) throws SQLException {
        if (documents.isEmpty()) {
            return;
        }
        sql.update(
                """
                insert into meta.elastalert_documents (kind, id, body, alert_id)
                select kind, id, body::json, alert_id from unnest(?::text[], ?::text[], ?::text[], ?::text[])
                  with ordinality as d(kind, id, body, alert_id, place) order by place""",
                Sql.columns(
                        documents,
                        document -> document.kind().name().toLowerCase(Locale.ROOT),
                        StateDocument::id,
                        document -> PostgresJson.text(document.body()),
                        StateDocument::alertId));
    }

    static boolean isEmpty(Sql sql) throws SQLException {
        return sql.first("select 1 from meta.elastalert_documents limit 1", row -> 1)
                .isEmpty();
    }

    /**
     * The oldest documents, bounded in number and size. The document of an alert waits until one of the alert's
     * messages was delivered, or none can be delivered any more.
     */
    static List<StoredDocument> ready(Sql sql, int limit) throws SQLException {
        List<StoredDocument> documents = new ArrayList<>();
        long[] bytes = {0};
        sql.each(
                """
                select d.document_id, d.kind, d.id, d.body, o.messages > 0 and not o.sent as failed, o.error
                from meta.elastalert_documents d
                left join lateral (select count(*) as messages, bool_or(status = 'sent') as sent,
                    bool_and(status in ('sent', 'failed')) as settled, max(error) as error
                  from meta.outbox where alert_id = d.alert_id) o on d.alert_id is not null
                where d.alert_id is null or o.messages = 0 or o.sent or o.settled
                order by d.document_id limit ?""",
                row -> {
                    if (bytes[0] < MAX_BYTES) {
                        documents.add(document(row));
                        bytes[0] += row.text("body").length();
                    }
                },
                limit);
        return documents;
    }

    private static StoredDocument document(Row row) throws SQLException {
        ObjectNode body = json(row.text("body"));
        if (row.flag("failed")) {
            body.put("alert_sent", false).put("alert_exception", row.text("error"));
        }
        StateDocument.Kind kind = StateDocument.Kind.valueOf(row.text("kind").toUpperCase(Locale.ROOT));
        return new StoredDocument(row.number("document_id"), kind, row.text("id"), body);
    }

    private static ObjectNode json(String body) {
        try {
            return (ObjectNode) JSON.readTree(body);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a document in meta.elastalert_documents is not JSON", e);
        }
    }

    static void delete(Sql sql, Collection<Long> numbers) throws SQLException {
        sql.update("delete from meta.elastalert_documents where document_id = any (?::bigint[])", numbers);
    }

    static long count(Sql sql) throws SQLException {
        return sql.first("select count(*) as documents from meta.elastalert_documents", row -> row.number("documents"))
                .orElseThrow();
    }
}
