package serai.watch.alert;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import serai.watch.alerter.Alerter;
import serai.watch.alerter.Alerters;
import serai.watch.message.AlertText;
import serai.watch.message.MatchTemplate;
import serai.watch.rule.Rule;
import serai.watch.rule.RuleException;
import serai.watch.type.RuleTypes;

/**
 * A rule with all that is needed to send its alerts.
 *
 * @param text the title and body of its messages
 * @param alerters where alerts are sent
 * @param notices options of the file that the rule runs without, each with its line and its fix
 * @param timing when alerts are sent
 */
public record AlertRule(Rule rule, AlertText text, List<Alerter> alerters, List<String> notices, AlertTiming timing) {

    /** The absolute path of the rule's template file: when that is edited, the rule is read again. */
    public Optional<Path> template() {
        return MatchTemplate.file(rule);
    }

    /**
     * A rule from its options.
     *
     * @param otherNotices notices of checks that are not made here
     * @throws RuleException when an option of the type, the text or of an alerter is wrong
     */
    public static AlertRule of(Rule rule, List<String> otherNotices) throws RuleException {
        RuleTypes.check(rule);
        List<String> notices = new ArrayList<>(rule.notices());
        notices.addAll(otherNotices);
        AlertText text = new AlertText(rule);
        List<Alerter> alerters = Alerters.of(rule, text, notices);
        return new AlertRule(rule, text, List.copyOf(alerters), List.copyOf(notices), AlertTiming.of(rule));
    }

    /** A rule from its options, with the notices of the checks here. */
    public static AlertRule of(Rule rule) throws RuleException {
        return of(rule, List.of());
    }
}
