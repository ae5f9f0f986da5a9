package serai.command;

/** The message of an exception that an operator should read. */
public final class Causes {

    private Causes() {}

    /**
     * The message of the innermost cause. An {@link IllegalStateException} on the way ends the search: Serai throws it
     * with a complete sentence.
     *
     * @return the message, or the exception's class name when it has none
     */
    public static String rootMessage(Throwable thrown) {
        Throwable root = thrown;
        while (root.getCause() != null && !(root instanceof IllegalStateException)) {
            root = root.getCause();
        }
        return root.getMessage() == null ? root.getClass().getName() : root.getMessage();
    }
}
