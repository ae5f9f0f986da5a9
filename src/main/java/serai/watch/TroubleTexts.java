package serai.watch;

import java.util.List;
import serai.watch.alerter.SlackMentions;

/** The sentences of notices to operators, in Slack's markup. Texts of others are escaped. */
final class TroubleTexts {

    private static final int MOST_NAMED = 5;
    private static final int LONGEST_REASON = 500;

    private TroubleTexts() {}

    /**
     * A trouble that began.
     *
     * @param condition in lower case
     * @param error the error, or null
     * @param reason a sentence about the row, or null
     * @param waiting the rows that wait for these
     */
    static String begun(
            String noun,
            List<String> names,
            String condition,
            String span,
            String error,
            String reason,
            List<String> waiting) {
        String verb = condition.equals("failed") ? "has failed" : "is " + condition;
        StringBuilder text = new StringBuilder(":warning: ")
                .append(capital(named(noun, names)))
                .append(' ')
                .append(names.size() == 1 ? verb : verb.replace("is ", "are ").replace("has ", "have "))
                .append(", for ")
                .append(span)
                .append(error == null ? "." : ": " + SlackMentions.text(cut(error)));
        if (reason != null) {
            text.append('\n').append(SlackMentions.text(cut(reason)));
        }
        if (!waiting.isEmpty()) {
            text.append("\nThis waits for it: ").append(list(waiting)).append('.');
        }
        return text.toString();
    }

    /** A trouble that is over. */
    static String over(String noun, List<String> names) {
        return ":white_check_mark: " + capital(named(noun, names)) + (names.size() == 1 ? " is" : " are")
                + " in order again.";
    }

    /** At most 500 characters. */
    static String cut(String text) {
        return text.length() <= LONGEST_REASON ? text : text.substring(0, LONGEST_REASON) + "…";
    }

    private static String named(String noun, List<String> names) {
        return names.size() == 1 ? noun + " " + list(names) : names.size() + " " + noun + "s (" + list(names) + ")";
    }

    private static String list(List<String> names) {
        String named = String.join(", ", names.subList(0, Math.min(MOST_NAMED, names.size())));
        String others = names.size() > MOST_NAMED ? " and " + (names.size() - MOST_NAMED) + " more" : "";
        return SlackMentions.text(named) + others;
    }

    private static String capital(String text) {
        return Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }
}
