package serai.edits;

import java.nio.file.Path;

/** An edited file cannot take effect. What ran before keeps running. */
public final class EditRefusedException extends Exception {

    private final Refusal refusal;

    /**
     * @param file the file, relative to the project's folder
     * @param line the line of the mistake, from 1, or null when it is not known
     * @param reason what is wrong, in which field, and how to fix it; a sentence without secrets
     */
    public EditRefusedException(Path file, Integer line, String reason) {
        super(file + (line == null ? "" : ":" + line) + ": " + reason);
        this.refusal = new Refusal(file, line, reason);
    }

    /** The refusal as it is logged and shown. */
    public Refusal refusal() {
        return refusal;
    }
}
