package serai.watch.command;

import java.nio.file.Path;
import java.util.List;
import serai.watch.alert.AlertDecider;
import serai.watch.alert.AlertRule;
import serai.watch.alerter.Alerter;
import serai.watch.query.Search;
import serai.watch.rule.RuleException;
import serai.watch.run.RuleRun;

/**
 * What commands try rules with: the same parts that the engine runs them with.
 *
 * @param reader makes rules of a file
 * @param search asks Elasticsearch or the warehouse, by the rule's source
 * @param alerting decides about matches
 * @param bounds of one run
 * @param sender delivers messages
 */
public record RuleSandbox(Reader reader, Search search, AlertDecider alerting, RuleRun.Bounds bounds, Sender sender) {

    /** Delivers a message now, once. */
    @FunctionalInterface
    public interface Sender {
        /** @return why the message was not accepted, without its address; null when it was */
        String send(String rule, Alerter.Message message) throws Exception;
    }

    /** Reads and checks a rule file. */
    @FunctionalInterface
    public interface Reader {
        /**
         * @param file relative to the project's folder
         * @param source replaces the rule's {@code source}, unless it is null
         * @return the rule, or one for each of its severities
         * @throws RuleException when the file cannot run as it is written
         */
        List<AlertRule> read(Path file, String source) throws RuleException;
    }

    RuleSandbox with(Search other) {
        return new RuleSandbox(reader, other, alerting, bounds, sender);
    }
}
