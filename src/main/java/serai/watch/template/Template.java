package serai.watch.template;

import com.hubspot.jinjava.interpret.RenderResult;
import com.hubspot.jinjava.interpret.TemplateError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A Jinja2 template. Values are printed as Python prints them; a missing variable is empty, and using an attribute of
 * it is an error. Time and size of the output are bounded, and no Java object is reachable. Immutable and thread-safe.
 */
public final class Template {

    private static final Pattern DELIMITER = Pattern.compile("\\{[{%#]|[}%#]\\}");

    private final String source;

    private Template(String source) {
        this.source = source;
    }

    /** @throws TemplateException when the text is no template, or uses an unknown filter, test or tag */
    public static Template of(String text) throws TemplateException {
        String source = text.replace("\r\n", "\n").replace('\r', '\n');
        Template template = new Template(source.endsWith("\n") ? source.substring(0, source.length() - 1) : source);
        TemplateCheck.of(template.source);
        return template;
    }

    /**
     * A template of one expression, such as {@code ts[:23] + ts[26:]}.
     *
     * @throws TemplateException when the text is not one expression
     */
    public static Template expression(String source) throws TemplateException {
        if (DELIMITER.matcher(source).find()) {
            throw new TemplateException("it is not one expression");
        }
        return of("{{ " + source + " }}");
    }

    /**
     * Reads a template from a file.
     *
     * @param name a path below the working directory
     * @throws TemplateException when the file cannot be read, and as {@link #of}
     */
    public static Template file(String name) throws TemplateException {
        try {
            return of(new JinjaEngine.WorkingDirectory().getString(name, StandardCharsets.UTF_8, null));
        } catch (IOException | InvalidPathException e) {
            throw new TemplateException(e.getMessage());
        }
    }

    /**
     * The absolute path of a template's file, which need not exist; empty when the name is no path below the folder.
     */
    public static Optional<Path> path(String name) {
        try {
            return Optional.of(JinjaEngine.WorkingDirectory.path(name).toAbsolutePath());
        } catch (IOException | InvalidPathException e) {
            return Optional.empty();
        }
    }

    /**
     * Renders the template.
     *
     * @param variables values of {@link serai.watch.python.Python} by name; the template works on copies
     * @throws TemplateException when the template fails with these values, or takes too long
     */
    public String render(Map<String, ?> variables) throws TemplateException {
        Map<String, Object> copies = new LinkedHashMap<>();
        variables.forEach((name, value) -> copies.put(name, Values.copy(value)));
        try {
            RenderResult result = JinjaEngine.shared().renderTimed(source, copies);
            if (!result.getErrors().isEmpty()) {
                throw new TemplateException(reason(result.getErrors().get(0)));
            }
            return result.getOutput();
        } catch (RuntimeException | StackOverflowError e) {
            // whatever a template does, its caller can go on without it
            throw new TemplateException(
                    e instanceof RenderException
                            ? e.getMessage()
                            : "it fails with " + e.getClass().getSimpleName());
        }
    }

    private static String reason(TemplateError error) {
        RenderException failure = failure(error);
        if (failure != null) {
            return failure.getMessage();
        }
        String message = error.getMessage() == null
                ? "it is no Jinja template"
                : error.getMessage().lines().findFirst().orElse("");
        return "line " + Math.max(1, error.getLineno()) + ": " + message;
    }

    private static RenderException failure(TemplateError error) {
        for (Throwable cause = error.getException(); cause != null; cause = cause.getCause()) {
            if (cause instanceof RenderException failure) {
                return failure;
            }
        }
        return null;
    }
}
