package serai.load.replicate.mapping;

/**
 * What becomes of a rule of a mapping file.
 *
 * @param id the rule's id; of the short form, a number by its order
 * @param line the line at which the rule begins, from 1
 * @param rule what it says, in a few words
 * @param reason why it is not honoured as AWS DMS does; empty when it is
 */
public record ClassifiedRule(long id, int line, String rule, Verdict verdict, String reason) {

    /** Whether and how a rule is honoured. */
    public enum Verdict {
        /** As in AWS DMS. */
        HONOURED("honoured"),
        /** Honoured, but not quite as in AWS DMS. */
        DIFFERENT("honoured with a difference"),
        /** It is about something that does not exist here. */
        IRRELEVANT("irrelevant here"),
        /** Not honoured; the source does not start unless it is told to ignore the rule. */
        REFUSED("refused");

        private final String text;

        Verdict(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    @Override
    public String toString() {
        return "rule " + id + " (line " + line + "), " + rule + ": " + verdict
                + (reason.isEmpty() ? "" : ": " + reason);
    }
}
