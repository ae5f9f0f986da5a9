package serai.watch.template;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.hubspot.jinjava.interpret.RenderResult;
import com.hubspot.jinjava.interpret.TemplateError;

import jinjava.de.odysseus.el.tree.TreeBuilderException;
import jinjava.javax.el.ELException;

/**
 * A Jinja2 template (spec/elastalert.md 1.8). Values print as Python prints them; a variable that is not there is empty, and using a field
 * of it is an error. Size and time are bounded, and no Java object can be reached. Safe for many threads.
 */
public final class Template {

    private static final Pattern CODE = Pattern.compile("\\{\\{(.*?)\\}\\}|\\{%(.*?)%\\}", Pattern.DOTALL);
    private static final Pattern LEFT_OUT = Pattern.compile("\\{#.*?#\\}|\\{%-?\\s*raw\\s*-?%\\}.*?\\{%-?\\s*endraw\\s*-?%\\}", Pattern.DOTALL);
    private static final Pattern QUOTED = Pattern.compile("'(?:[^'\\\\]|\\\\.)*'|\"(?:[^\"\\\\]|\\\\.)*\"", Pattern.DOTALL);
    private static final Pattern FILTER = Pattern.compile("\\|\\s*([A-Za-z_]\\w*)");
    private static final Pattern TEST = Pattern.compile("(?<![\\w.])is\\s+(?:not\\s+)?([A-Za-z_]\\w*)");
    private static final Set<String> TAGS = Set.of("if", "elif", "else", "endif", "for", "endfor", "set", "endset", "macro", "endmacro",
            "call", "endcall", "filter", "endfilter", "include", "import", "from", "extends", "block", "endblock", "raw", "endraw",
            "do", "break", "continue", "with", "endwith", "autoescape", "endautoescape", "print");
    private static final Pattern TAG = Pattern.compile("[-+]?\\s*(\\w+)");

    private final String source;

    private Template(String source) {
        this.source = source;
    }

    /** @throws TemplateException when the text is no template, or uses a filter, test or tag that there is not */
    public static Template of(String text) throws TemplateException {
        String source = text.replace("\r\n", "\n").replace('\r', '\n');
        Template template = new Template(source.endsWith("\n") ? source.substring(0, source.length() - 1) : source);
        template.checkNames();
        RenderResult result = JinjaEngine.shared().renderForResult(template.source, JinjaEngine.variables(new LinkedHashMap<>()),
                JinjaEngine.config(true));
        // there are no values yet, so what fails because of them is no mistake
        check(result.getErrors().stream().filter(e -> e.getReason() == TemplateError.ErrorReason.SYNTAX_ERROR && isWritten(e)).toList());
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
        } catch (IOException | java.nio.file.InvalidPathException e) {
            throw new TemplateException(e.getMessage());
        }
    }

    private void checkNames() throws TemplateException {
        Matcher code = CODE.matcher(LEFT_OUT.matcher(source).replaceAll(""));
        while (code.find()) {
            String plain = QUOTED.matcher(code.group()).replaceAll("''");
            Matcher tag = TAG.matcher(code.group(2) == null ? "" : code.group(2));
            if (tag.lookingAt() && !TAGS.contains(tag.group(1))) {
                throw new TemplateException("Encountered unknown tag '" + tag.group(1) + "'.");
            }
            try {
                FILTER.matcher(plain).results().forEach(filter -> Filters.named(filter.group(1)));
                TEST.matcher(plain).results().forEach(test -> PythonTest.named(test.group(1)));
            } catch (Failure e) {
                throw new TemplateException(e.getMessage());
            }
        }
    }

    /**
     * The template filled in.
     *
     * @param variables the variables by name: texts, numbers, flags, nulls, lists and maps; the template cannot change them
     * @throws TemplateException when it cannot be filled in from these
     */
    public String render(Map<String, ?> variables) throws TemplateException {
        Map<String, Object> values = new LinkedHashMap<>();
        variables.forEach((name, value) -> values.put(name, Values.of(value)));
        RenderResult result = JinjaEngine.shared().renderForResult(source, JinjaEngine.variables(values));
        check(result.getErrors());
        return result.getOutput();
    }

    private static void check(List<TemplateError> errors) throws TemplateException {
        if (!errors.isEmpty()) {
            throw new TemplateException(reason(errors.get(0)));
        }
    }

    /** Whether the mistake is in what is written, not in what came out of values. */
    private static boolean isWritten(TemplateError error) {
        return cause(error, TreeBuilderException.class) != null || cause(error, ELException.class) == null && cause(error, Failure.class) == null;
    }

    private static String reason(TemplateError error) {
        Failure failure = cause(error, Failure.class);
        if (failure != null) {
            return failure.getMessage();
        }
        String message = error.getMessage() == null ? "it is no Jinja template" : error.getMessage().lines().findFirst().orElse("");
        return "line " + Math.max(1, error.getLineno()) + ": " + message;
    }

    private static <T extends Throwable> T cause(TemplateError error, Class<T> kind) {
        for (Throwable cause = error.getException(); cause != null; cause = cause.getCause()) {
            if (kind.isInstance(cause)) {
                return kind.cast(cause);
            }
        }
        return null;
    }
}
