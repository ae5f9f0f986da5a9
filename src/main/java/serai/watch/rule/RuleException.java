package serai.watch.rule;

/** A rule file is refused: it cannot be used as it is. */
public class RuleException extends Exception {

    private static final long serialVersionUID = 1L;

    private final Integer line;
    private final String field;

    /**
     * @param line the line of the mistake, from 1; null when it is not known
     * @param field the option that is wrong; null when it is the file as a whole
     * @param reason what is wrong and how to fix it, without the option's value when that may be a secret
     */
    public RuleException(Integer line, String field, String reason) {
        super(field == null ? reason : field + ": " + reason);
        this.line = line;
        this.field = field;
    }

    /** The line of the mistake, from 1; null when it is not known. */
    public Integer line() {
        return line;
    }

    /** The option that is wrong; null when it is the file as a whole. */
    public String field() {
        return field;
    }
}
