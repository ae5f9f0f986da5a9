package serai.watch.message;

import java.time.Instant;
import java.util.Map;
import serai.watch.python.Python;
import serai.watch.rule.Rule;
import serai.watch.rule.RuleException;
import serai.watch.template.TemplateException;

/**
 * The title and the body of a rule's messages, as ElastAlert writes them (docs/reference/elastalert.md, "Alert texts").
 */
public final class AlertText {

    /** Characters: no receiver accepts more, and a group may hold ten thousand matches. */
    private static final int LONGEST = 500_000;

    private static final String DASHES = "\n" + "-".repeat(40) + "\n";

    /**
     * The marks that a body is written with.
     *
     * @param width characters in a line of a summary table
     * @param before what opens a summary table, such as a code fence
     * @param after what closes it
     * @param code what encloses a match's fields, which are then JSON; null for one line for each field
     */
    public record Layout(int width, String before, String after, String code) {

        /** Without marks. */
        public static final Layout PLAIN = new Layout(80, "", "", null);

        /** For chats: a narrower table, in a code fence. */
        public static final Layout FENCED = new Layout(75, "```\n", "```\n", null);

        /** Jira's marks. */
        public static final Layout JIRA = new Layout(80, "{noformat}", "{noformat}", "{code}");
    }

    private final Rule rule;
    private final MessageTemplate subject;
    private final int longestSubject;
    private final SummaryTable table;
    private final MatchText matchText;

    /** @throws RuleException when an option of the texts is wrong */
    public AlertText(Rule rule) throws RuleException {
        this.rule = rule;
        this.subject = MessageTemplate.subject(rule);
        this.longestSubject = rule.fileOptions().whole("alert_subject_max_len", 2048);
        this.table = SummaryTable.of(rule.fileOptions());
        this.matchText = new MatchText(rule);
    }

    /** The rule's own subject, else its name. */
    public String title(Alert alert) {
        return title(alert, rule.name());
    }

    /** @param otherwise the title of a rule that has no subject of its own */
    public String title(Alert alert, String otherwise) {
        return (alert.resolved() ? "RESOLVED: " : "") + (subject == null ? otherwise : subject(alert.first()));
    }

    /** The title of mails and tickets without a subject: {@code ElastAlert: rule - value of query_key}. */
    public String defaultTitle(Alert alert) {
        Object key = rule.queryKey() == null ? null : alert.first().get(rule.queryKey());
        return "ElastAlert: " + rule.name() + (Python.truthy(key) ? " - " + Python.str(key) : "");
    }

    private String subject(Map<String, Object> match) {
        try {
            String title = subject.of(match);
            return title.codePointCount(0, title.length()) <= longestSubject
                    ? title
                    : title.substring(0, title.offsetByCodePoints(0, longestSubject));
        } catch (TemplateException e) {
            return rule.name();
        }
    }

    /** The body without marks. */
    public String body(Alert alert) {
        return body(alert, Layout.PLAIN);
    }

    /** The summary table, the text of each match, and how many matches were silenced; or that the alert is over. */
    public String body(Alert alert, Layout layout) {
        return alert.resolved()
                ? resolved(alert, layout)
                : summary(alert, layout) + matches(alert, layout) + suppressed(alert);
    }

    /** The body without the summary table, unless the table is all that the rule wants. */
    public String bodyOfMatches(Alert alert) {
        return alert.resolved() || isSummaryOnly() ? body(alert) : matches(alert, Layout.PLAIN) + suppressed(alert);
    }

    private boolean isSummaryOnly() {
        return "aggregation_summary_only".equals(rule.option("alert_text_type"));
    }

    private String summary(Alert alert, Layout layout) {
        String text = table == null ? "" : table.text(alert.matches(), layout.width());
        return text.isEmpty() ? "" : layout.before() + text + layout.after();
    }

    /** The text of each match, dashes below each when there are several; empty when the rule wants the summary only. */
    public String matches(Alert alert, Layout layout) {
        StringBuilder body = new StringBuilder();
        int left = isSummaryOnly() ? 0 : alert.matches().size();
        for (Map<String, Object> match : alert.matches().subList(0, left)) {
            if (body.length() > LONGEST) {
                return body.append("\n… and ")
                        .append(left)
                        .append(" more matches\n")
                        .toString();
            }
            body.append(matchText.of(match, layout)).append(alert.matches().size() > 1 ? DASHES : "");
            left--;
        }
        return body.toString();
    }

    private static String suppressed(Alert alert) {
        String matches = alert.suppressed() == 1 ? " more match was" : " more matches were";
        return alert.suppressed() <= 0
                ? ""
                : "\n" + alert.suppressed() + matches + " silenced since the last message.\n";
    }

    private String resolved(Alert alert, Layout layout) {
        Instant time = rule.timeOf(alert.last());
        String first = alert.since() == null ? "an unknown time" : rule.prettyTime(alert.since());
        String last = time.equals(Instant.EPOCH) ? "" : ", last match at " + rule.prettyTime(time);
        return rule.name() + " is over: first alert at " + first + last + "." + suppressed(alert)
                + "\n\nThe last match:\n\n" + matchText.of(alert.last(), layout);
    }
}
