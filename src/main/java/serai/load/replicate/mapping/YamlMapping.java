package serai.load.replicate.mapping;

import java.io.StringReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
import serai.edits.EditRefusedException;

/** Reads the YAML text of a mapping file. */
final class YamlMapping {

    private static final int DEEPEST = 6;

    private final Path file;

    private YamlMapping(Path file) {
        this.file = file;
    }

    static MappingValue read(Path file, String text) throws EditRefusedException {
        YamlMapping reader = new YamlMapping(file);
        Node root = reader.compose(text);
        if (root == null) {
            throw new FilePosition(file, 1).refused("there is nothing in it: name what arrives under 'tables'");
        }
        return reader.value(root, 0);
    }

    private Node compose(String text) throws EditRefusedException {
        try {
            return new Yaml(new SafeConstructor(new LoaderOptions())).compose(new StringReader(text));
        } catch (MarkedYAMLException e) {
            // the exception's own message quotes the text
            int line = e.getProblemMark() == null ? 1 : e.getProblemMark().getLine() + 1;
            throw new EditRefusedException(
                    file,
                    line,
                    "this is not YAML: " + e.getProblem() + "; a name that begins with % or [ stands in quotes");
        } catch (YAMLException e) {
            throw new EditRefusedException(file, null, "this YAML cannot be read: it is nested too deep");
        }
    }

    private MappingValue value(Node node, int depth) throws EditRefusedException {
        FilePosition at = at(node);
        if (depth > DEEPEST) {
            throw at.refused("this is nested too deep");
        }
        if (node instanceof ScalarNode scalar) {
            return new MappingValue.Text(at, scalar.getTag() == Tag.NULL ? "" : scalar.getValue());
        }
        if (node instanceof SequenceNode list) {
            List<MappingValue> values = new ArrayList<>();
            for (Node element : list.getValue()) {
                values.add(value(element, depth + 1));
            }
            return new MappingValue.Items(at, values);
        }
        return fields((MappingNode) node, depth);
    }

    private MappingValue fields(MappingNode node, int depth) throws EditRefusedException {
        Map<String, MappingValue.Field> fields = new LinkedHashMap<>();
        for (NodeTuple entry : node.getValue()) {
            FilePosition at = at(entry.getKeyNode());
            String name = value(entry.getKeyNode(), DEEPEST).asText("a key is one word");
            if (fields.containsKey(name)) {
                throw at.refused("'" + name + "' is there a second time: keep one");
            }
            boolean absent = entry.getValueNode().getTag() == Tag.NULL;
            fields.put(name, absent ? null : new MappingValue.Field(at, value(entry.getValueNode(), depth + 1)));
        }
        fields.values().removeIf(field -> field == null);
        return new MappingValue.Fields(at(node), fields);
    }

    private FilePosition at(Node node) {
        return new FilePosition(file, node.getStartMark().getLine() + 1);
    }
}
