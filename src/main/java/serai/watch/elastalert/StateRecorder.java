package serai.watch.elastalert;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import serai.settings.Secrets;
import serai.warehouse.Transaction;
import serai.watch.alert.AlertGroup;
import serai.watch.alert.AlertRule;
import serai.watch.alert.AlertStore;
import serai.watch.alert.Finding;
import serai.watch.alert.Silence;
import serai.watch.engine.RunRecorder;
import serai.watch.message.Alert;

/**
 * Writes what runs did as ElastAlert's documents into {@code meta.elastalert_documents}, in the commit of the runs;
 * {@link StateDelivery} sends them to Elasticsearch.
 */
final class StateRecorder implements RunRecorder {

    private final boolean metadata;
    private volatile boolean backlogged;

    /** @param metadata whether documents of alerts have the rule's {@code category, description, owner, priority} */
    StateRecorder(boolean metadata) {
        this.metadata = metadata;
    }

    /** While so many documents wait for delivery that there is a backlog, documents of single runs are left out. */
    void setBacklogged(boolean now) {
        backlogged = now;
    }

    @Override
    public Recording begin(Transaction tx, Instant now) {
        return new Documents(tx, now);
    }

    /** The documents of one transaction. */
    private final class Documents implements Recording {

        private final Transaction tx;
        private final Instant now;
        private final List<StateDocument> documents = new ArrayList<>();
        private final Map<String, Taken> takenByGroup = new HashMap<>();

        /** The matches last taken from a group, for its next alert. */
        private record Taken(AlertGroup group, List<AlertStore.PendingMatch> matches, String firstId) {}

        Documents(Transaction tx, Instant now) {
            this.tx = tx;
            this.now = now;
        }

        @Override
        public void onSuccess(AlertRule rule, Instant start, Instant end, long hits, long matches, Duration duration) {
            if (!backlogged) {
                documents.add(StateDocument.status(rule.rule(), start, end, hits, matches, duration, now));
            }
        }

        @Override
        public void onFailure(AlertRule rule, String reason) {
            if (!backlogged) {
                documents.add(StateDocument.error(rule.rule(), Secrets.mask(reason), now));
            }
        }

        @Override
        public void onSilence(Silence silence) {
            documents.add(StateDocument.silence(silence, now));
        }

        @Override
        public void onGrouped(AlertRule rule, AlertGroup group, Finding finding) {
            StateDocument.Grouped grouped = new StateDocument.Grouped(
                    finding.identity(), StateImport.documentId(group), group.key(), group.alertAt());
            documents.add(StateDocument.waiting(rule, finding.match(), grouped, metadata, now));
        }

        @Override
        public void onTaken(AlertGroup group, List<AlertStore.PendingMatch> matches) {
            boolean later = takenByGroup.containsKey(group.id());
            String firstId = later ? matches.get(0).identity() : StateImport.documentId(group);
            takenByGroup.put(group.id(), new Taken(group, matches, firstId));
        }

        @Override
        public void onAlert(AlertRule rule, Alert alert, Instant at) {
            if (alert.resolved()) {
                // ElastAlert has no resolutions
                return;
            }
            int slash = alert.id().lastIndexOf('/');
            Taken taken = slash < 0 ? null : takenByGroup.get(alert.id().substring(0, slash));
            for (int i = 0; i < alert.matches().size(); i++) {
                StateDocument.Grouped grouped = taken == null
                        ? new StateDocument.Grouped(alert.id(), alert.id(), null, at)
                        : new StateDocument.Grouped(
                                i == 0
                                        ? taken.firstId()
                                        : taken.matches().get(i).identity(),
                                taken.firstId(),
                                taken.group().key(),
                                taken.group().alertAt());
                documents.add(StateDocument.sent(rule, alert.matches().get(i), grouped, alert.id(), metadata, at));
            }
        }

        @Override
        public void write() throws SQLException {
            DocumentTable.insert(tx.sql(), documents);
            documents.clear();
        }
    }
}
