package serai.watch.template;

/**
 * A template is wrong, or cannot be filled in from the values that it got; the message says why and holds no values.
 */
public final class TemplateException extends Exception {

    private static final long serialVersionUID = 1L;

    TemplateException(String reason) {
        super(reason);
    }
}
