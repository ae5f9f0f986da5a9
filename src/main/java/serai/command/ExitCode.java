package serai.command;

/** Exit codes of every command and of the program itself. */
public final class ExitCode {

    /** Done, or the answer is yes. */
    public static final int DONE = 0;

    /** The answer is no, such as a rule file that is refused. */
    public static final int NO = 1;

    /** Wrong usage: an unknown command or option, or a wrong value. */
    public static final int USAGE = 2;

    /** Refused, or could not be done. */
    public static final int FAILED = 3;

    private ExitCode() {}
}
