package serai.watch.template;

/** An error while a template is checked or rendered, with the message of Python or Jinja2 where they have one. */
final class RenderException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    RenderException(String message) {
        super(message, null, false, false);
    }
}
