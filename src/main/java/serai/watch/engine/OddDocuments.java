package serai.watch.engine;

import java.util.List;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import com.fasterxml.jackson.databind.ObjectMapper;

import serai.warehouse.Reject;
import serai.warehouse.Relation;
import serai.warehouse.Transaction;
import serai.watch.rule.Rule;
import serai.watch.run.RuleRun;

/** Documents that a rule cannot use, put aside in {@code meta.rejects} with the reason. */
final class OddDocuments {

    private static final Logger LOG = LoggerFactory.getLogger(OddDocuments.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Relation DOCUMENTS = new Relation("elasticsearch", "documents");
    private static final List<String> COLUMNS = List.of("_index", "_id", "_source");
    private static final int LONGEST = 10_000;

    private OddDocuments() {
    }

    static void reject(Transaction tx, Rule rule, RuleRun.Odd odd) {
        String source = JSON.valueToTree(odd.hit().source()).toString();
        List<String> record = List.of(odd.hit().index(), odd.hit().id(), source.length() <= LONGEST ? source : source.substring(0, LONGEST));
        tx.reject(new Reject(DOCUMENTS, 1, rule.timestampField(), odd.reason(), COLUMNS, record));
        LOG.warn("rule=\"{}\" index={} id={} {}; it was put aside in meta.rejects", rule.name(), odd.hit().index(), odd.hit().id(),
                odd.reason());
    }
}
