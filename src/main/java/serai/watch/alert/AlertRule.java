package serai.watch.alert;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import serai.watch.alerter.Alerter;
import serai.watch.alerter.Alerters;
import serai.watch.message.AlertText;
import serai.watch.message.RuleTemplate;
import serai.watch.rule.Rule;
import serai.watch.rule.RuleException;
import serai.watch.type.RuleTypes;

/**
 * A rule that is ready to speak: its options, the text of its messages and those who are told.
 *
 * @param text the title and body of its messages
 * @param alerters those who are told
 * @param notices what the file asks for and the rule runs without, each with its line and mend
 * @param timing when they are told
 */
public record AlertRule(Rule rule, AlertText text, List<Alerter> alerters, List<String> notices, AlertTiming timing) {

    /** The file of the rule's template, by its whole path: when it is edited, the rule is to be made anew. */
    public Optional<Path> template() {
        return RuleTemplate.file(rule);
    }

    /**
     * A rule from its options.
     *
     * @param more notices of the rule's other readers
     * @throws RuleException when an option of the type, the text or of an alerter is wrong
     */
    public static AlertRule of(Rule rule, List<String> more) throws RuleException {
        RuleTypes.check(rule);
        List<String> notices = new ArrayList<>(rule.notices());
        notices.addAll(more);
        AlertText text = new AlertText(rule);
        List<Alerter> alerters = Alerters.of(rule, text, notices);
        return new AlertRule(rule, text, List.copyOf(alerters), List.copyOf(notices), AlertTiming.of(rule));
    }

    /** A rule from its options, without other notices. */
    public static AlertRule of(Rule rule) throws RuleException {
        return of(rule, List.of());
    }
}
