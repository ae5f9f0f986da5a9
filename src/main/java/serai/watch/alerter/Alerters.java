package serai.watch.alerter;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import serai.watch.message.AlertText;
import serai.watch.python.Python;
import serai.watch.rule.Options;
import serai.watch.rule.Rule;
import serai.watch.rule.RuleException;

/**
 * Those who can be told, by their names in ElastAlert's grammar, and who of them a rule names (spec/elastalert.md 2.3).
 * A name that is not known is a notice: the rule runs, and its other alerters are told.
 */
public final class Alerters {

    private interface Kind {
        Alerter open(AlerterOptions given) throws RuleException;
    }

    private static final Map<String, Kind> KINDS = Map.ofEntries(
            Map.entry("slack", Slack::new),
            Map.entry("email", Email::new),
            Map.entry("command", Command::new),
            Map.entry("jira", Jira::new),
            Map.entry("post", HttpPost::of),
            Map.entry("post2", HttpPost2::of),
            Map.entry("alertmanager", Alertmanager::of),
            Map.entry("pagerduty", PagerDuty::of),
            Map.entry("opsgenie", Opsgenie::new),
            Map.entry("telegram", Telegram::of),
            Map.entry("ms_power_automate", PowerAutomate::new),
            Map.entry("debug", Debug::new),
            Map.entry("mattermost", ChatMessages::mattermost),
            Map.entry("rocketchat", ChatMessages::rocketChat),
            Map.entry("discord", SmallPosts::discord),
            Map.entry("googlechat", SmallPosts::googleChat),
            Map.entry("gitter", SmallPosts::gitter),
            Map.entry("pagertree", SmallPosts::pagerTree),
            Map.entry("victorops", SmallPosts::victorOps),
            Map.entry("servicenow", SmallPosts::serviceNow),
            Map.entry("hivealerter", TheHive::of));

    /**
     * Names that rules may still hold although ElastAlert 2 has given them up, each with what to write in its place.
     */
    private static final Map<String, String> GONE = Map.of(
            "ms_teams",
            "use ms_power_automate",
            "hipchat",
            "use slack",
            "linenotify",
            "use telegram or slack",
            "stride",
            "use jira or slack",
            "aws_sns",
            "use post2 to a gateway of yours");

    private static final Set<String> NOT_HERE = Set.of(
            "alerta",
            "chatwork",
            "datadog",
            "dingtalk",
            "exotel",
            "flashduty",
            "gelf",
            "indexer",
            "iris",
            "lark",
            "line",
            "matrixhookshot",
            "ses",
            "smseagle",
            "sns",
            "sqs",
            "stomp",
            "tencent_sms",
            "twilio",
            "webex_webhook",
            "workwechat",
            "yzj",
            "zabbix");

    private Alerters() {}

    /**
     * The alerters under {@code alert}, jira first as its ticket is named by the others; options inside an entry go
     * before the rule's.
     *
     * @param notices gets a sentence for each entry that tells nobody
     * @throws RuleException when an option of an alerter is wrong or missing
     */
    public static List<Alerter> of(Rule rule, AlertText text, List<String> notices) throws RuleException {
        Options given = rule.fileOptions();
        List<Alerter> alerters = new ArrayList<>();
        Object alert = given.value("alert");
        for (Object entry : alert instanceof List<?> list ? list : List.of(alert)) {
            for (Map.Entry<String, Object> named : named(given, entry).entrySet()) {
                Alerter alerter = open(named.getKey(), below(rule, text, named.getValue(), notices));
                if (alerter != null) {
                    alerters.add(alerter);
                }
            }
        }
        if (alerters.isEmpty()) {
            notices.add(place(given) + "nobody is told of this rule's matches; they are counted on the page.");
        }
        return Jira.first(alerters);
    }

    private static Map<String, Object> named(Options given, Object entry) throws RuleException {
        Map<String, Object> named = new LinkedHashMap<>();
        if (!(entry instanceof Map<?, ?> map)) {
            named.put(Python.str(entry), null);
            return named;
        }
        boolean more = false;
        for (Map.Entry<?, ?> one : map.entrySet()) {
            String name = Python.str(one.getKey());
            if (more && !KINDS.containsKey(name) && !NOT_HERE.contains(name) && !GONE.containsKey(name)) {
                throw given.refused(
                        "alert",
                        "'" + name + "' stands beside an alerter; indent the options of an alerter below its name");
            }
            named.put(name, one.getValue());
            more = true;
        }
        return named;
    }

    private static Alerter open(String name, AlerterOptions given) throws RuleException {
        Kind kind = KINDS.get(name);
        if (kind != null) {
            return kind.open(given);
        }
        String mend = "Use one of "
                + String.join(", ", KINDS.keySet().stream().sorted().toList()) + ".";
        String reason = "is not known";
        if (GONE.containsKey(name)) {
            reason = "is no longer there";
            mend = GONE.get(name) + ".";
            mend = Character.toUpperCase(mend.charAt(0)) + mend.substring(1);
        } else if (NOT_HERE.contains(name)) {
            reason = "is not supported";
            mend = "Use post2 to reach its API.";
        } else if (name.contains(".")) {
            reason = "names a Python class, which cannot run here";
        }
        given.notices()
                .add(place(given.options()) + "'" + name + "' " + reason + "; the rule runs without it. " + mend);
        return null;
    }

    static String place(Options given) {
        return (given.line("alert") == null ? "" : given.line("alert") + ": ") + "alert: ";
    }

    /** The rule with what stands below an alerter's name: other options of its, other texts as well. */
    private static AlerterOptions below(Rule rule, AlertText text, Object own, List<String> notices)
            throws RuleException {
        if (own == null) {
            return new AlerterOptions(rule, text, rule.fileOptions(), notices);
        }
        if (!(own instanceof Map<?, ?> map)) {
            throw rule.fileOptions().refused("alert", "what stands under an alerter must be a map of its options");
        }
        Map<String, Object> values = new LinkedHashMap<>();
        map.forEach((k, v) -> values.put(Python.str(k), v));
        Rule other = rule.with(values);
        return new AlerterOptions(other, new AlertText(other), other.fileOptions(), notices);
    }
}
