package serai.watch.engine;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import serai.warehouse.Reject;
import serai.warehouse.Relation;
import serai.warehouse.Transaction;
import serai.watch.rule.Rule;
import serai.watch.run.RuleRun;

/** Documents that a rule cannot use become rows of {@code meta.rejects} with the reason. */
final class DocumentRejects {

    private static final Logger LOG = LoggerFactory.getLogger(DocumentRejects.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Relation DOCUMENTS = new Relation("elasticsearch", "documents");
    private static final List<String> COLUMNS = List.of("_index", "_id", "_source");
    private static final int MAX_SOURCE_LENGTH = 10_000;

    private DocumentRejects() {}

    /** Rejects the documents of a run that it could not use; the first is logged. */
    static void reject(Transaction tx, Rule rule, List<RuleRun.UnusableDocument> documents) {
        for (RuleRun.UnusableDocument document : documents) {
            String source = JSON.valueToTree(document.hit().source()).toString();
            List<String> record = List.of(
                    document.hit().index(),
                    document.hit().id(),
                    source.length() <= MAX_SOURCE_LENGTH ? source : source.substring(0, MAX_SOURCE_LENGTH));
            tx.reject(new Reject(DOCUMENTS, 1, rule.timestampField(), document.reason(), COLUMNS, record));
        }
        if (!documents.isEmpty()) {
            RuleRun.UnusableDocument first = documents.get(0);
            LOG.warn(
                    "rule=\"{}\" documents={} were rejected and are in meta.rejects; index={} id={} {}",
                    rule.name(),
                    documents.size(),
                    first.hit().index(),
                    first.hit().id(),
                    first.reason());
        }
    }
}
