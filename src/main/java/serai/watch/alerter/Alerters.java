package serai.watch.alerter;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import serai.watch.message.AlertText;
import serai.watch.python.Python;
import serai.watch.rule.Options;
import serai.watch.rule.Rule;
import serai.watch.rule.RuleException;

/**
 * The registry of alerters, and those that a rule names (docs/reference/elastalert.md, "Other alerters"). To add an
 * alerter, write a class such as {@link Gitter} and add its type here. A name that is not known is a notice: the rule
 * runs, and its other alerters are notified.
 */
public final class Alerters {

    private static final Map<String, AlerterType> TYPES = byName(
            Alertmanager.TYPE,
            Command.TYPE,
            Debug.TYPE,
            Discord.TYPE,
            Email.TYPE,
            Gitter.TYPE,
            GoogleChat.TYPE,
            HttpPost.TYPE,
            HttpPost2.TYPE,
            Jira.TYPE,
            Mattermost.TYPE,
            Opsgenie.TYPE,
            PagerDuty.TYPE,
            PagerTree.TYPE,
            PowerAutomate.TYPE,
            RocketChat.TYPE,
            ServiceNow.TYPE,
            Slack.TYPE,
            SplunkOnCall.TYPE,
            Telegram.TYPE,
            TheHive.TYPE);

    /** Names that rules may still have although ElastAlert 2 removed them, each with what to write instead. */
    private static final Map<String, String> REMOVED = Map.of(
            "ms_teams",
            "Use ms_power_automate.",
            "hipchat",
            "Use slack.",
            "linenotify",
            "Use telegram or slack.",
            "stride",
            "Use jira or slack.",
            "aws_sns",
            "Use post2 to a gateway of yours.");

    private static final Set<String> UNSUPPORTED = Set.of(
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

    private static Map<String, AlerterType> byName(AlerterType... types) {
        Map<String, AlerterType> named = new TreeMap<>();
        for (AlerterType type : types) {
            named.put(type.name(), type);
        }
        return named;
    }

    /** All kinds of alerters, by name. */
    public static List<AlerterType> types() {
        return List.copyOf(TYPES.values());
    }

    /** The type of a channel; that of {@code post} for a channel that is not known any more. */
    public static AlerterType type(String channel) {
        return TYPES.getOrDefault(channel, HttpPost.TYPE);
    }

    /**
     * The alerters under {@code alert}; jira first, so that the others can link its ticket. Options inside an entry
     * take precedence over the rule's.
     *
     * @param notices gets a sentence for each entry that notifies nobody
     * @throws RuleException when an option of an alerter is wrong, or one is missing and no other alerter is left
     */
    public static List<Alerter> of(Rule rule, AlertText text, List<String> notices) throws RuleException {
        Object alert = rule.fileOptions().value("alert");
        List<Alerter> alerters = new ArrayList<>();
        List<MissingOptionException> incomplete = new ArrayList<>();
        for (Object entry : alert instanceof List<?> list ? list : List.of(alert)) {
            for (Map.Entry<String, Object> named :
                    named(rule.fileOptions(), entry).entrySet()) {
                AlerterType type = TYPES.get(named.getKey());
                if (type == null) {
                    notices.add(place(rule.fileOptions()) + unknown(named.getKey()));
                } else {
                    add(alerters, incomplete, type, rule, text, named.getValue(), notices);
                }
            }
        }
        if (alerters.isEmpty() && !incomplete.isEmpty()) {
            throw incomplete.get(0);
        }
        if (alerters.isEmpty()) {
            notices.add(place(rule.fileOptions())
                    + "nobody is notified of this rule's matches; they are counted on the page.");
        }
        alerters.sort(Comparator.comparing(alerter -> !(alerter instanceof Jira)));
        return alerters;
    }

    private static void add(
            List<Alerter> alerters,
            List<MissingOptionException> incomplete,
            AlerterType type,
            Rule rule,
            AlertText text,
            Object own,
            List<String> notices)
            throws RuleException {
        try {
            alerters.add(open(type, rule, text, own, notices));
        } catch (MissingOptionException e) {
            incomplete.add(e);
            notices.add((e.line() == null ? "" : e.line() + ": ") + e.getMessage() + ". The rule runs without '"
                    + type.name() + "'.");
        }
    }

    /** The alerters of an entry by name, each with its own options or null. */
    private static Map<String, Object> named(Options options, Object entry) throws RuleException {
        Map<String, Object> named = new LinkedHashMap<>();
        if (!(entry instanceof Map<?, ?> map)) {
            named.put(Python.str(entry), null);
            return named;
        }
        for (Map.Entry<?, ?> one : map.entrySet()) {
            String name = Python.str(one.getKey());
            if (!named.isEmpty()
                    && !TYPES.containsKey(name)
                    && !UNSUPPORTED.contains(name)
                    && !REMOVED.containsKey(name)) {
                throw options.refused(
                        "alert",
                        "'" + name + "' is beside an alerter; indent the options of an alerter below its name");
            }
            named.put(name, one.getValue());
        }
        return named;
    }

    private static String unknown(String name) {
        String reason = "is not known";
        String fix = "Use one of " + String.join(", ", TYPES.keySet()) + ".";
        if (REMOVED.containsKey(name)) {
            reason = "no longer exists";
            fix = REMOVED.get(name);
        } else if (UNSUPPORTED.contains(name)) {
            reason = "is not supported";
            fix = "Use post2 to reach its API.";
        } else if (name.contains(".")) {
            reason = "names a Python class, which cannot run here";
        }
        return "'" + name + "' " + reason + "; the rule runs without it. " + fix;
    }

    static String place(Options options) {
        return (options.line("alert") == null ? "" : options.line("alert") + ": ") + "alert: ";
    }

    private static Alerter open(AlerterType type, Rule rule, AlertText text, Object own, List<String> notices)
            throws RuleException {
        if (own == null) {
            return type.opener().open(new AlerterOptions(type, rule, text, notices));
        }
        if (!(own instanceof Map<?, ?> map)) {
            throw rule.fileOptions().refused("alert", "what is below an alerter must be a map of its options");
        }
        Map<String, Object> values = new LinkedHashMap<>();
        map.forEach((name, value) -> values.put(Python.str(name), value));
        Rule other = rule.with(values);
        return type.opener().open(new AlerterOptions(type, other, new AlertText(other), notices));
    }
}
