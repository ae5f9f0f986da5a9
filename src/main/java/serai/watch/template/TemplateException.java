package serai.watch.template;

/** A template is wrong, or fails with the values it got; the message gives the reason and contains no values. */
public final class TemplateException extends Exception {

    private static final long serialVersionUID = 1L;

    TemplateException(String message) {
        super(message);
    }
}
