package serai.watch.elastalert;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.Array;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import serai.warehouse.Transaction;
import serai.watch.alert.AlertRule;
import serai.watch.alert.AlertStore;
import serai.watch.alert.RunListener;
import serai.watch.store.PostgresJson;

/**
 * Writes what runs did as ElastAlert's documents into {@code meta.elastalert_documents}, in the commit of the runs;
 * from there {@link StateDelivery} brings them to Elasticsearch.
 */
final class StateLog implements RunListener {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final boolean metadata;
    private volatile boolean crowded;

    /** @param metadata whether alerts carry their rule's {@code category, description, owner, priority} */
    StateLog(boolean metadata) {
        this.metadata = metadata;
    }

    /** Says whether so many documents wait that those of single runs are left out until there are fewer. */
    void crowded(boolean now) {
        crowded = now;
    }

    @Override
    public Page open(Transaction tx, Instant now) {
        return new Noted(tx, now);
    }

    private final class Noted implements Page {

        private final Transaction tx;
        private final Instant now;
        private final List<StateDocument> documents = new ArrayList<>();

        Noted(Transaction tx, Instant now) {
            this.tx = tx;
            this.now = now;
        }

        @Override
        public AlertStore over(AlertStore book, Function<String, AlertRule> rules) {
            return new RecordingAlertStore(book, rules, metadata, now, documents::add);
        }

        @Override
        public void ran(AlertRule rule, Instant start, Instant end, long hits, long matches, Duration took) {
            if (!crowded) {
                documents.add(StateDocument.status(rule.rule(), start, end, hits, matches, took, now));
            }
        }

        @Override
        public void failed(AlertRule rule, String reason) {
            if (!crowded) {
                documents.add(StateDocument.error(rule.rule(), reason, now));
            }
        }

        @Override
        public void write() throws SQLException {
            if (documents.isEmpty()) {
                return;
            }
            try (PreparedStatement s = tx.connection().prepareStatement("""
                    insert into meta.elastalert_documents (kind, id, body, alert_id)
                    select kind, id, body::json, alert_id from unnest(?::text[], ?::text[], ?::text[], ?::text[])
                      with ordinality as d(kind, id, body, alert_id, place) order by place""")) {
                s.setArray(1, column(document -> document.kind().name().toLowerCase(Locale.ROOT)));
                s.setArray(2, column(StateDocument::id));
                s.setArray(3, column(document -> PostgresJson.text(JSON.valueToTree(document.body()))));
                s.setArray(4, column(StateDocument::alertId));
                s.executeUpdate();
            }
            documents.clear();
        }

        private Array column(Function<StateDocument, String> value) throws SQLException {
            return tx.connection()
                    .createArrayOf("text", documents.stream().map(value).toArray());
        }
    }
}
