package serai.watch.command;

/** The answer of a command is no; the message says why. */
public final class Refused extends Exception {

    public Refused(String reason) {
        super(reason);
    }
}
