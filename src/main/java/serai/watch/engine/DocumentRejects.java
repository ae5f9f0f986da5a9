package serai.watch.engine;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
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

    /** Halves of surrogate pairs, which UTF-8 cannot hold. */
    private static final Pattern LONE_SURROGATE = Pattern.compile("[\\ud800-\\udfff]");

    private DocumentRejects() {}

    /** Rejects the documents of a run that it could not use; the first is logged. */
    static void reject(Transaction tx, Rule rule, List<RuleRun.UnusableDocument> documents) {
        for (RuleRun.UnusableDocument document : documents) {
            String source = json(document.hit().source());
            String index = document.hit().index();
            String id = document.hit().id();
            tx.reject(new Reject(
                    DOCUMENTS,
                    Map.of("index", index, "id", id, "column", rule.timestampField()),
                    List.of(index, id, source),
                    source.getBytes(StandardCharsets.UTF_8),
                    document.reason()));
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

    private static String json(Map<String, Object> document) {
        String json = JSON.valueToTree(document).toString();
        return LONE_SURROGATE
                .matcher(json)
                .replaceAll(
                        half -> String.format("\\\\u%04x", (int) half.group().charAt(0)));
    }
}
