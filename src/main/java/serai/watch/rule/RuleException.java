package serai.watch.rule;

/** A rule file cannot be used as it stands. */
public final class RuleException extends Exception {

    private final Integer line;
    private final String field;

    /**
     * @param line the line of the mistake, from 1, or null when it is not known
     * @param field the option that is wrong, or null when it is the file as a whole
     * @param reason what is wrong and the mend, without the option's value when that may be a secret
     */
    public RuleException(Integer line, String field, String reason) {
        super(field == null ? reason : field + ": " + reason);
        this.line = line;
        this.field = field;
    }

    public Integer line() {
        return line;
    }

    public String field() {
        return field;
    }
}
