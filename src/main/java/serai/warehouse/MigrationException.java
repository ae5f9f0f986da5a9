package serai.warehouse;

/** A migration that cannot be applied. Nothing of it was. */
public final class MigrationException extends IllegalStateException {

    private static final long serialVersionUID = 1;

    private final String file;
    private final Integer line;

    /**
     * @param file as people name it, such as {@code sql/migrations/V1__x.sql}
     * @param line of the mistake, from 1, or null
     * @param reason what is wrong and how to fix it, as the end of a sentence that begins with the file
     */
    MigrationException(String file, Integer line, String reason, Throwable cause) {
        super(file + (line == null ? " " : ", line " + line + ": ") + reason, cause);
        this.file = file;
        this.line = line;
    }

    /** The file, as people name it. */
    public String file() {
        return file;
    }

    /** The line of the mistake, from 1, or null. */
    public Integer line() {
        return line;
    }
}
