package serai.watch.template;

import com.hubspot.jinjava.interpret.RenderResult;
import com.hubspot.jinjava.interpret.TemplateError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A Jinja2 template (spec/elastalert.md 1.8). Values print as Python prints them; a variable that is not there is
 * empty, and using a field of it is an error. Size and time are bounded, and no Java object can be reached. Safe for
 * many threads.
 */
public final class Template {

    private final String source;

    private Template(String source) {
        this.source = source;
    }

    /** @throws TemplateException when the text is no template, or uses a filter, test or tag that there is not */
    public static Template of(String text) throws TemplateException {
        String source = text.replace("\r\n", "\n").replace('\r', '\n');
        Template template = new Template(source.endsWith("\n") ? source.substring(0, source.length() - 1) : source);
        TemplateCheck.of(template.source);
        return template;
    }

    /**
     * The template in a file.
     *
     * @param name a path below the working directory
     * @throws TemplateException when it cannot be read, or as {@link #of}
     */
    public static Template file(String name) throws TemplateException {
        try {
            return of(new JinjaEngine.WorkingDirectory().getString(name, StandardCharsets.UTF_8, null));
        } catch (IOException | InvalidPathException e) {
            throw new TemplateException(e.getMessage());
        }
    }

    /** Where the file of a name would be, as its whole path; empty when it can be nowhere. */
    public static Optional<Path> path(String name) {
        try {
            return Optional.of(JinjaEngine.WorkingDirectory.path(name).toAbsolutePath());
        } catch (IOException | InvalidPathException e) {
            return Optional.empty();
        }
    }

    /**
     * The template filled in.
     *
     * @param variables the variables by name: texts, numbers, flags, nulls, lists and maps; the template cannot change
     *     them
     * @throws TemplateException when it cannot be filled in from these
     */
    public String render(Map<String, ?> variables) throws TemplateException {
        Map<String, Object> values = new LinkedHashMap<>();
        variables.forEach((name, value) -> values.put(name, Values.of(value)));
        try {
            RenderResult result = JinjaEngine.shared().renderForResult(source, JinjaEngine.variables(values));
            check(result.getErrors());
            return result.getOutput();
        } catch (RuntimeException | StackOverflowError e) {
            // whatever a template does, the alert goes out without it
            throw new TemplateException(
                    e instanceof RenderException
                            ? e.getMessage()
                            : "it fails with " + e.getClass().getSimpleName());
        }
    }

    private static void check(List<TemplateError> errors) throws TemplateException {
        if (!errors.isEmpty()) {
            throw new TemplateException(reason(errors.get(0)));
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
