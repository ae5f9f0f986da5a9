package serai.watch.message;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import serai.watch.rule.Rule;
import serai.watch.rule.RuleException;
import serai.watch.template.TemplateException;

/** A message's title and body (spec/elastalert.md 1.8). */
public final class AlertText {

    /** Characters: no receiver takes more, and a group may hold ten thousand matches. */
    private static final int LONGEST = 500_000;

    private static final String DASHES = "\n" + "-".repeat(40) + "\n";

    /**
     * The marks that a body is written with.
     *
     * @param width characters in a line of a summary table
     * @param before what opens a summary table, such as a fence
     * @param after what closes it
     * @param code what stands around a match's fields, which are JSON then; null for a line each
     */
    public record Layout(int width, String before, String after, String code) {
        public static final Layout PLAIN = new Layout(80, "", "", null);
        /** As chats show it: a little narrower, in a fence. */
        public static final Layout FENCED = new Layout(75, "```\n", "```\n", null);

        public static final Layout JIRA = new Layout(80, "{noformat}", "{noformat}", "{code}");
    }

    private final Rule rule;
    private final MessageTemplate subject;
    private final int longestSubject;
    private final SummaryTable table;
    private final MatchText matchText;

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
        return (alert.resolved() ? "RESOLVED: " : "")
                + (subject == null ? otherwise : subject(alert.matches().get(0)));
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

    public String body(Alert alert) {
        return body(alert, Layout.PLAIN);
    }

    /** The summary table, the text of each match, and how many matches were silenced before; or that it is over. */
    public String body(Alert alert, Layout layout) {
        return alert.resolved()
                ? resolved(alert, layout)
                : summary(alert, layout) + matches(alert, layout) + suppressed(alert);
    }

    /** The table of {@code summary_table_fields}; empty when the rule has none. */
    public String summary(Alert alert, Layout layout) {
        String text = table == null ? "" : table.text(alert.matches(), layout.width());
        return text.isEmpty() ? "" : layout.before() + text + layout.after();
    }

    public String matches(Alert alert) {
        return matches(alert, Layout.PLAIN);
    }

    /** The text of each match, dashes below each when there are several; empty when the rule wants the summary only. */
    public String matches(Alert alert, Layout layout) {
        StringBuilder body = new StringBuilder();
        if (!"aggregation_summary_only".equals(rule.option("alert_text_type"))) {
            int left = alert.matches().size();
            for (Map<String, Object> match : alert.matches()) {
                if (body.length() > LONGEST) {
                    return body.append("\n… and ")
                            .append(left)
                            .append(" more matches\n")
                            .toString();
                }
                body.append(matchText.of(match, layout)).append(alert.matches().size() > 1 ? DASHES : "");
                left--;
            }
        }
        return body.toString();
    }

    /** A line on what was silenced since the last message; empty when nothing was. */
    public String suppressed(Alert alert) {
        return alert.suppressed() <= 0
                ? ""
                : alert.suppressed() == 1
                        ? "\n1 more match was silenced since the last message.\n"
                        : "\n" + alert.suppressed() + " more matches were silenced since the last message.\n";
    }

    private String resolved(Alert alert, Layout layout) {
        List<Map<String, Object>> matches = alert.matches();
        Map<String, Object> last = matches.get(matches.size() - 1);
        Instant time = rule.timeOf(last);
        String since = alert.since() == null ? "a time not known" : rule.prettyTime(alert.since());
        String until = time.equals(Instant.EPOCH) ? "" : " and matched last at " + rule.prettyTime(time);
        return rule.name() + " is over: it was told first at " + since + until + "." + suppressed(alert)
                + "\n\nThe last match:\n\n" + matchText.of(last, layout);
    }
}
