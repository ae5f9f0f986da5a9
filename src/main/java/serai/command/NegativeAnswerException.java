package serai.command;

/** The answer of a command is no. The command prints the message and ends with {@link ExitCode#NO}. */
public final class NegativeAnswerException extends Exception {

    /** @param reason a sentence for the operator */
    public NegativeAnswerException(String reason) {
        super(reason);
    }
}
