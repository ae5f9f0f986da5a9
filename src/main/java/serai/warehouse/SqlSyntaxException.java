package serai.warehouse;

/** A text is not one SELECT with known parameters. */
public final class SqlSyntaxException extends Exception {

    private final Integer line;

    /**
     * @param line the line of the mistake in the text, from 1, or null when it is not known
     * @param reason what is wrong, and how to fix it
     */
    SqlSyntaxException(Integer line, String reason) {
        super(reason);
        this.line = line;
    }

    /** The line of the mistake in the text, from 1, or null when it is not known. */
    public Integer line() {
        return line;
    }
}
