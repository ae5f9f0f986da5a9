package serai.edits;

import java.io.StringReader;
import java.net.URISyntaxException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.util.URISupport;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * A place in a route file that uses a kamelet.
 *
 * @param kamelet its name
 * @param line of the use, from 1
 * @param values the properties that are set there
 */
record KameletUse(String kamelet, int line, List<Value> values) {

    private static final Pattern ADDRESS =
            Pattern.compile("kamelet:(?://)?([^/?]+)(?:/[^?]*)?(?:\\?(.*))?", Pattern.DOTALL);
    private static final Set<String> OWN = Set.of("source", "sink");

    /**
     * A property that is set.
     *
     * @param text its value; null when it is a list or a map
     * @param line of the value, from 1
     * @param node where it is in the text; null when it is part of an address
     */
    record Value(String property, String text, int line, ScalarNode node) {}

    /** The uses of a text, in order; none when it is not YAML, which Camel then says. */
    static List<KameletUse> of(String text) {
        List<KameletUse> uses = new ArrayList<>();
        try {
            Node root = new Yaml().compose(new StringReader(text));
            Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());
            Deque<Node> open = new ArrayDeque<>();
            if (root != null) {
                open.push(root);
            }
            while (!open.isEmpty()) {
                Node node = open.pop();
                // an alias is its anchor once more
                if (!seen.add(node)) {
                    continue;
                }
                if (node instanceof MappingNode map) {
                    find(map, uses);
                    map.getValue().forEach(entry -> open.push(entry.getValueNode()));
                } else if (node instanceof SequenceNode list) {
                    list.getValue().forEach(open::push);
                }
            }
        } catch (YAMLException e) {
            return List.of();
        }
        uses.sort((a, b) -> Integer.compare(a.line(), b.line()));
        return uses;
    }

    /** A step's {@code uri} with {@code parameters}, a step {@code kamelet}, or an address as the value of any key. */
    private static void find(MappingNode map, List<KameletUse> uses) {
        for (NodeTuple entry : map.getValue()) {
            String key = text(entry.getKeyNode());
            String value = text(entry.getValueNode());
            if ("kamelet".equals(key) && entry.getValueNode() instanceof MappingNode step) {
                Node name = value(step, "name");
                if (text(name) != null) {
                    add("kamelet:" + text(name), name, value(step, "parameters"), uses);
                }
            } else if ("kamelet".equals(key) && value != null) {
                add("kamelet:" + value, entry.getValueNode(), null, uses);
            } else if (value != null && value.startsWith("kamelet:")) {
                add(value, entry.getValueNode(), "uri".equals(key) ? value(map, "parameters") : null, uses);
            }
        }
    }

    private static void add(String address, Node at, Node parameters, List<KameletUse> uses) {
        Matcher matcher = ADDRESS.matcher(address);
        if (!matcher.matches() || OWN.contains(matcher.group(1))) {
            return;
        }
        int line = at.getStartMark().getLine() + 1;
        List<Value> values = new ArrayList<>();
        if (matcher.group(2) != null) {
            query(matcher.group(2)).forEach((name, value) -> values.add(new Value(name, value, line, null)));
        }
        if (parameters instanceof MappingNode map) {
            for (NodeTuple entry : map.getValue()) {
                Node value = entry.getValueNode();
                values.add(new Value(
                        text(entry.getKeyNode()),
                        text(value),
                        value.getStartMark().getLine() + 1,
                        value instanceof ScalarNode scalar ? scalar : null));
            }
        }
        uses.add(new KameletUse(matcher.group(1), line, values));
    }

    private static Map<String, String> query(String query) {
        try {
            Map<String, String> values = new LinkedHashMap<>();
            URISupport.parseQuery(query).forEach((name, value) -> values.put(name, String.valueOf(value)));
            return values;
        } catch (URISyntaxException e) {
            // Camel refuses the address
            return Map.of();
        }
    }

    private static Node value(MappingNode map, String key) {
        return map.getValue().stream()
                .filter(entry -> key.equals(text(entry.getKeyNode())))
                .map(NodeTuple::getValueNode)
                .findFirst()
                .orElse(null);
    }

    private static String text(Node node) {
        return node instanceof ScalarNode scalar ? scalar.getValue() : null;
    }
}
