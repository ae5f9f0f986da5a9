package serai.watch.template;

/** What stops the filling in of a template, with Python's own words where it has some. */
final class RenderException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    RenderException(String reason) {
        super(reason, null, false, false);
    }
}
