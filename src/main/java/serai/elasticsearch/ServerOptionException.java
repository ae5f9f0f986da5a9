package serai.elasticsearch;

/** The value of an option of a server cannot be used. The message says what it must be, and shows no secret. */
public final class ServerOptionException extends Exception {

    private static final long serialVersionUID = 1L;

    private final ServerOption option;

    ServerOptionException(ServerOption option, String reason) {
        super(reason);
        this.option = option;
    }

    /** The option that has the wrong value. */
    public ServerOption option() {
        return option;
    }
}
