package serai.edits;

import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.LineNumberAware;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.language.simple.types.SimpleIllegalSyntaxException;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;

/** Reads {@code *.camel.yaml} and {@code *.kamelet.yaml} with Camel's own loader, and explains Camel's errors. */
final class CamelYaml implements RouteReader {

    private static final Pattern LINE = Pattern.compile("[Ll]ine[ :]+(\\d+)");
    private static final Pattern SECRET = Pattern.compile("(?i).*(password|secret|token|key|webhook|credential).*");
    private static final Pattern MISSING_KAMELET =
            Pattern.compile("Resource not found: classpath:kamelets/(.+?)\\.kamelet\\.yaml");
    private static final int MAX_REASON = 2000;

    private final CamelContext context;
    private final KameletProperties kamelets;

    CamelYaml(CamelContext context, KameletProperties kamelets) {
        this.context = context;
        this.kamelets = kamelets;
    }

    @Override
    public boolean owns(Path file) {
        return file.toString().endsWith(".camel.yaml") || RouteSources.isKamelet(file);
    }

    @Override
    public RoutesBuilder read(Path file, String text) throws EditRefusedException {
        if (text.lines().allMatch(l -> l.isBlank() || l.startsWith("#"))) {
            throw new EditRefusedException(
                    file, null, "there is nothing in it. Start it with '- route:', or delete the file.");
        }
        String checked = kamelets.checked(file, text);
        try {
            Resource resource = ResourceHelper.fromString("file:" + file, checked);
            return PluginHelper.getRoutesLoader(context)
                    .findRoutesBuilders(resource)
                    .iterator()
                    .next();
        } catch (Exception e) {
            throw refused(context, file, text, null, e);
        }
    }

    /** The messages of a chain of causes without repetitions and secrets, with the line that they are about. */
    static EditRefusedException refused(
            CamelContext context, Path file, String text, RoutesBuilder builder, Throwable failure) {
        StringBuilder reason = new StringBuilder();
        Integer line = null;
        for (Throwable e = failure; e != null; e = e.getCause()) {
            String message = message(e);
            Matcher matcher = LINE.matcher(message);
            if (line == null && matcher.find()) {
                line = Integer.valueOf(matcher.group(1));
            }
            boolean last = e.getCause() == null || e instanceof SimpleIllegalSyntaxException;
            if (last || !message.contains(message(e.getCause()))) {
                reason.append(reason.isEmpty() ? "" : ": ").append(message.replaceAll("\\s+", " "));
            }
            if (last) {
                break;
            }
        }
        if (line == null && builder instanceof RouteBuilder routes) {
            line = line(routes, text.lines().toList(), String.valueOf(failure.getMessage()));
        }
        String masked = withoutSecrets(context, reason.toString());
        return new EditRefusedException(
                file, line, masked.length() > MAX_REASON ? masked.substring(0, MAX_REASON) + "..." : masked);
    }

    private static String message(Throwable e) {
        String message = String.valueOf(e.getMessage()).strip();
        // a message of one word needs the name of its exception
        message = message.contains(" ") ? message : e.getClass().getSimpleName() + " " + message;
        return MISSING_KAMELET
                .matcher(message)
                .replaceAll("there is no kamelet '$1' in routes/kamelets.")
                .replace(" (locations: classpath:kamelets)", "");
    }

    /** The line of the step that Camel's message names, or of the route's from. */
    private static Integer line(RouteBuilder builder, List<String> lines, String message) {
        for (RouteDefinition route : builder.getRouteCollection().getRoutes()) {
            for (ProcessorDefinition<?> step : route.getOutputs()) {
                if (message.contains(">>> " + step + " <<<")) {
                    return line(step, lines, step.getShortName() + ":");
                }
            }
            if (route.getInput() != null && message.contains("route: " + route.getId() + " ")) {
                return line(route.getInput(), lines, "uri:");
            }
        }
        return null;
    }

    /** Camel's line number is one too small for a step that is written in one line. */
    private static Integer line(LineNumberAware node, List<String> lines, String key) {
        int line = node.getLineNumber();
        boolean next = line > 0
                && line < lines.size()
                && !lines.get(line - 1).contains(key)
                && lines.get(line).contains(key);
        return line <= 0 ? null : Integer.valueOf(next ? line + 1 : line);
    }

    private static String withoutSecrets(CamelContext context, String text) {
        String masked = text;
        Properties settings = context.getPropertiesComponent()
                .loadProperties(name -> SECRET.matcher(name).matches());
        for (String name : settings.stringPropertyNames()) {
            String value = context.resolvePropertyPlaceholders("{{" + name + ":}}");
            if (value.length() > 3) {
                masked = masked.replace(value, "{{" + name + "}}");
            }
        }
        return masked;
    }
}
