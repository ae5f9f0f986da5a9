package serai.warehouse;

/** A text is not the SQL that it should be. */
public final class SqlSyntaxException extends Exception {

    private final Integer line;

    /**
     * @param line the line of the mistake in the text, from 1, or null when it is not known
     * @param reason what is wrong, and the mend
     */
    public SqlSyntaxException(Integer line, String reason) {
        super(reason);
        this.line = line;
    }

    public Integer line() {
        return line;
    }
}
