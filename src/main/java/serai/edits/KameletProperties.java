package serai.edits;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.EndpointUriFactory;
import org.yaml.snakeyaml.nodes.ScalarNode;
import serai.settings.Spelling;

/**
 * Checks the properties of kamelets where they are used, before a route is made: Camel itself takes any name and any
 * text, and a mistake would show when the route runs. Values are then written as Camel's {@code RAW(...)}, so that they
 * arrive as they are.
 */
final class KameletProperties {

    /** What Camel reads as a reference to a bean or a class. */
    private static final Pattern REFERENCE = Pattern.compile("#(bean|class|type|property|autowired|valueAs).*");

    private final CamelContext context;
    private final Map<String, KameletDeclaration> kamelets = new ConcurrentHashMap<>();
    private Set<String> options;

    KameletProperties(CamelContext context) {
        this.context = context;
    }

    /** Forgets a file, if it is a kamelet. */
    void remove(Path file) {
        if (RouteSources.isKamelet(file)) {
            kamelets.remove(RouteSources.kameletName(file));
        }
    }

    /**
     * Checks a route file or kamelet, and remembers what a kamelet declares.
     *
     * @return the text for Camel, with the same lines
     * @throws EditRefusedException with the line of the first mistake
     */
    String checked(Path file, String text) throws EditRefusedException {
        boolean isKamelet = RouteSources.isKamelet(file);
        if (isKamelet) {
            kamelets.put(RouteSources.kameletName(file), KameletDeclaration.read(file, text));
        }
        List<ScalarNode> raw = new ArrayList<>();
        for (KameletUse use : KameletUse.of(text)) {
            KameletDeclaration declared = kamelets.get(use.kamelet());
            // Camel says which kamelet is missing
            if (declared != null) {
                check(file, use, declared, isKamelet);
                use.values().stream()
                        .filter(value -> value.node() != null && !isWritten(value.text()))
                        .forEach(value -> raw.add(value.node()));
            }
        }
        return RawValues.write(text, raw);
    }

    private void check(Path file, KameletUse use, KameletDeclaration declared, boolean inKamelet)
            throws EditRefusedException {
        Set<String> given = new HashSet<>();
        for (KameletUse.Value value : use.values()) {
            KameletDeclaration.Property property = declared.properties().get(value.property());
            given.add(value.property());
            if (property != null) {
                check(file, use, value, property, inKamelet);
            } else if (!options().contains(value.property())) {
                throw new EditRefusedException(file, value.line(), unknown(use, value.property(), declared));
            }
        }
        for (String name : declared.required()) {
            KameletDeclaration.Property property = declared.properties().get(name);
            if (!given.contains(name) && property.defaultValue() == null) {
                throw new EditRefusedException(
                        file, use.line(), "kamelet:" + use.kamelet() + " needs the property '" + name + "'.");
            }
        }
    }

    private void check(
            Path file, KameletUse use, KameletUse.Value value, KameletDeclaration.Property property, boolean inKamelet)
            throws EditRefusedException {
        String at = "'" + value.property() + "' of kamelet:" + use.kamelet();
        if (value.text() == null) {
            throw new EditRefusedException(file, value.line(), at + " is a list or a map; write one value.");
        }
        String text = plain(value.text());
        if (inKamelet && text.contains("{{")) {
            // a property of the outer kamelet, which is checked where that one is used
            return;
        }
        String resolved = resolved(file, value, at, text);
        String shown = resolved.equals(text) ? "'" + text + "'" : "'" + resolved + "' (" + text + ")";
        if (resolved.isEmpty()) {
            if (property.defaultValue() == null || !property.defaultValue().isEmpty()) {
                throw new EditRefusedException(file, value.line(), at + " is empty.");
            }
            return;
        }
        if (resolved.chars().anyMatch(Character::isISOControl)) {
            throw new EditRefusedException(
                    file,
                    value.line(),
                    at + " has a line end, a tab or a control character, which Camel cannot pass on.");
        }
        if (REFERENCE.matcher(resolved).matches()) {
            throw new EditRefusedException(
                    file, value.line(), at + " begins with '#', which Camel would read as the name of a bean.");
        }
        if (resolved.contains(")") && resolved.contains("}")) {
            throw new EditRefusedException(
                    file, value.line(), at + " contains both ')' and '}', which Camel cannot pass on.");
        }
        try {
            property.type().check(resolved);
        } catch (IllegalArgumentException e) {
            throw new EditRefusedException(file, value.line(), at + ": " + shown + " " + e.getMessage() + ".");
        }
    }

    private String resolved(Path file, KameletUse.Value value, String at, String text) throws EditRefusedException {
        try {
            return context.resolvePropertyPlaceholders(text);
        } catch (IllegalArgumentException e) {
            throw new EditRefusedException(file, value.line(), at + ": " + e.getMessage());
        }
    }

    private static boolean isWritten(String text) {
        return text != null
                && (text.startsWith("RAW(") && text.endsWith(")") || text.startsWith("RAW{") && text.endsWith("}"));
    }

    private static String plain(String text) {
        return isWritten(text) ? text.substring(4, text.length() - 1) : text;
    }

    private static String unknown(KameletUse use, String name, KameletDeclaration declared) {
        Set<String> known = new TreeSet<>(declared.properties().keySet());
        return "kamelet:" + use.kamelet() + " has no property '" + name + "'"
                + (known.isEmpty() ? "." : "; did you mean '" + Spelling.nearest(name, known) + "'?");
    }

    /** The options that Camel's own kamelet endpoint has. */
    private Set<String> options() {
        if (options == null) {
            EndpointUriFactory factory = context.getCamelContextExtension().getEndpointUriFactory("kamelet");
            options = factory == null ? Set.of() : factory.propertyNames();
        }
        return options;
    }
}
