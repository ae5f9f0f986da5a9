package serai.watch.rule;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.representer.Representer;
import org.yaml.snakeyaml.resolver.Resolver;
import serai.watch.python.Python;

/**
 * Reads the text of a rule file: environment variables are replaced first, then the text is read as YAML 1.1 the way
 * PyYAML reads it (see {@code docs/reference/elastalert.md}, "Loading rules").
 */
public final class RuleFile {

    private static final int LONGEST = 1 << 20;
    private static final int MOST_VALUES = 600_000;
    private static final Pattern VARIABLE = Pattern.compile("\\$(?:(\\w+)|\\{([^}]*)\\})");

    private RuleFile() {}

    /**
     * Reads the options of a file.
     *
     * @param environment returns the value of a variable, or null when it is not set
     * @throws RuleException when the text is not a YAML map
     */
    public static Options read(String text, UnaryOperator<String> environment) throws RuleException {
        if (text.length() > LONGEST) {
            throw new RuleException(null, null, "the file is longer than 1 MiB; a rule file holds one rule");
        }
        String expanded = expand(text, environment);
        try {
            Node root = yaml().compose(new java.io.StringReader(expanded));
            if (!(root instanceof MappingNode map)) {
                throw new RuleException(1, null, "the file is not a map of options, such as 'name: Many errors'");
            }
            bound(map);
            Map<String, Integer> lines = lines(map);
            Map<?, ?> values = yaml().load(expanded);
            return new Options(texts(values), lines);
        } catch (MarkedYAMLException e) {
            // the exception's own message quotes the text, which may hold a secret
            Integer line =
                    e.getProblemMark() == null ? null : e.getProblemMark().getLine() + 1;
            throw new RuleException(line, null, "this is not YAML: " + e.getProblem());
        } catch (YAMLException e) {
            throw new RuleException(
                    null,
                    null,
                    "this YAML cannot be read safely: it is nested too deep, or has a tag that creates objects");
        }
    }

    /** Aliases of aliases grow exponentially, and an alias may be inside its own anchor. */
    private static void bound(Node root) throws RuleException {
        Deque<Node> open = new ArrayDeque<>(List.of(root));
        for (int count = 0; !open.isEmpty(); count++) {
            Node node = open.pop();
            if (count > MOST_VALUES) {
                throw new RuleException(
                        node.getStartMark().getLine() + 1,
                        null,
                        "this is more than " + MOST_VALUES
                                + " values, because an alias (*name) is inside its own anchor, or aliases contain"
                                + " aliases");
            }
            if (node instanceof MappingNode map) {
                map.getValue().forEach(entry -> {
                    open.push(entry.getKeyNode());
                    open.push(entry.getValueNode());
                });
            } else if (node instanceof SequenceNode list) {
                list.getValue().forEach(open::push);
            }
        }
    }

    /** Replaces {@code $NAME} and <code>${NAME}</code> by environment variables; those that are not set are kept. */
    public static String expand(String text, UnaryOperator<String> environment) {
        return VARIABLE.matcher(text).replaceAll(found -> {
            String name = found.group(1) == null ? found.group(2) : found.group(1);
            String value = environment.apply(name);
            return Matcher.quoteReplacement(value == null ? found.group() : value);
        });
    }

    private static Map<String, Object> texts(Map<?, ?> values) {
        Map<String, Object> options = new LinkedHashMap<>();
        values.forEach((key, value) -> options.put(Python.str(key), value));
        return options;
    }

    private static Map<String, Integer> lines(MappingNode map) {
        Map<String, Integer> lines = new LinkedHashMap<>();
        for (NodeTuple entry : map.getValue()) {
            if (entry.getKeyNode() instanceof ScalarNode key) {
                lines.put(key.getValue().intern(), key.getStartMark().getLine() + 1);
                if (key.getValue().endsWith("filter") && entry.getValueNode() instanceof SequenceNode list) {
                    int size = list.getValue().size();
                    for (int i = 0; i < size; i++) {
                        Node element = list.getValue().get(i);
                        lines.put(
                                Options.element(key.getValue(), size - i),
                                element.getStartMark().getLine() + 1);
                    }
                }
            }
        }
        return lines;
    }

    private static Yaml yaml() {
        LoaderOptions limits = new LoaderOptions();
        limits.setMaxAliasesForCollections(50);
        limits.setNestingDepthLimit(50);
        DumperOptions unused = new DumperOptions();
        return new Yaml(new Constructor(limits), new Representer(unused), unused, limits, new PyYamlResolver());
    }

    /**
     * Reads a date as its text, since filters pass it to Elasticsearch. Equal texts share one object, since thousands
     * of files have the same options.
     */
    private static final class Constructor extends SafeConstructor {
        Constructor(LoaderOptions limits) {
            super(limits);
            yamlConstructors.put(Tag.TIMESTAMP, new ConstructYamlStr());
        }

        @Override
        protected String constructScalar(ScalarNode node) {
            return super.constructScalar(node).intern();
        }
    }

    /** PyYAML reads 1e3 as text: a float needs a point, and its exponent a sign. */
    private static final class PyYamlResolver extends Resolver {
        private static final Pattern PYTHON_FLOAT = Pattern.compile("[-+]?[0-9][0-9_]*\\.[0-9_]*(?:[eE][-+][0-9]+)?"
                + "|[-+]?\\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\\.[0-9_]*"
                + "|[-+]?\\.(?:inf|Inf|INF)|\\.(?:nan|NaN|NAN)");

        @Override
        public void addImplicitResolver(Tag tag, Pattern pattern, String first, int limit) {
            super.addImplicitResolver(tag, tag == Tag.FLOAT ? PYTHON_FLOAT : pattern, first, limit);
        }
    }
}
