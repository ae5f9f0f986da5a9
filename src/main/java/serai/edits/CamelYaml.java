package serai.edits;

import java.nio.file.Path;
import java.util.Collection;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.apache.camel.CamelContext;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;

/** Reads {@code *.camel.yaml} and {@code *.kamelet.yaml} with Camel's own loader. */
final class CamelYaml implements RouteReader {

    private static final Pattern LINE = Pattern.compile("[Ll]ine[ :]+(\\d+)");

    private final CamelContext context;

    CamelYaml(CamelContext context) {
        this.context = context;
    }

    @Override
    public boolean owns(Path file) {
        return file.toString().endsWith(".camel.yaml") || isKamelet(file);
    }

    static boolean isKamelet(Path file) {
        return file.toString().endsWith(".kamelet.yaml");
    }

    @Override
    public RoutesBuilder read(Path file, String text) throws RefusedException {
        try {
            Resource resource = ResourceHelper.fromString("file:" + file, text);
            Collection<RoutesBuilder> builders = PluginHelper.getRoutesLoader(context).findRoutesBuilders(resource);
            if (builders.size() != 1) {
                throw new RefusedException(file, null, "it holds no route. Start it with '- route:'.");
            }
            return builders.iterator().next();
        } catch (RefusedException e) {
            throw e;
        } catch (Exception e) {
            throw refused(file, e);
        }
    }

    /** The innermost message that says what is wrong, with the line that it names. */
    static RefusedException refused(Path file, Throwable failure) {
        StringBuilder reason = new StringBuilder();
        Integer line = null;
        for (Throwable e = failure; e != null; e = e.getCause()) {
            String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage().strip();
            Matcher matcher = LINE.matcher(message);
            if (line == null && matcher.find()) {
                line = Integer.valueOf(matcher.group(1));
            }
            if (e.getCause() == null || !message.contains(String.valueOf(e.getCause().getMessage()))) {
                reason.append(reason.isEmpty() ? "" : ": ").append(message.replaceAll("\\s+", " "));
            } else if (e.getCause() == e) {
                break;
            }
        }
        return new RefusedException(file, line, reason.toString());
    }
}
