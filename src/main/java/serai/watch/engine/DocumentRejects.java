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

/** Documents that a rule cannot use, put aside in {@code meta.rejects} with the reason. */
final class DocumentRejects {

    private static final Logger LOG = LoggerFactory.getLogger(DocumentRejects.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Relation DOCUMENTS = new Relation("elasticsearch", "documents");
    private static final List<String> COLUMNS = List.of("_index", "_id", "_source");
    private static final int LONGEST = 10_000;

    private DocumentRejects() {}

    /** Of a run's odd documents; the log names the first. */
    static void reject(Transaction tx, Rule rule, List<RuleRun.Odd> odd) {
        for (RuleRun.Odd one : odd) {
            String source = JSON.valueToTree(one.hit().source()).toString();
            List<String> record = List.of(
                    one.hit().index(),
                    one.hit().id(),
                    source.length() <= LONGEST ? source : source.substring(0, LONGEST));
            tx.reject(new Reject(DOCUMENTS, 1, rule.timestampField(), one.reason(), COLUMNS, record));
        }
        if (!odd.isEmpty()) {
            RuleRun.Odd first = odd.get(0);
            LOG.warn(
                    "rule=\"{}\" documents={} were put aside in meta.rejects; index={} id={} {}",
                    rule.name(),
                    odd.size(),
                    first.hit().index(),
                    first.hit().id(),
                    first.reason());
        }
    }
}
