package serai.command;

/** The answer of a command is no; the message says why. */
public final class NegativeAnswerException extends Exception {

    public NegativeAnswerException(String reason) {
        super(reason);
    }
}
