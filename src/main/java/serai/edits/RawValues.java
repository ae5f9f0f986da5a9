package serai.edits;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.yaml.snakeyaml.nodes.ScalarNode;

/**
 * Writes values of a YAML text as {@code RAW(...)}. Camel's YAML loader makes an address of the parameters, in which a
 * plain value ends at the first {@code &}.
 */
final class RawValues {

    private RawValues() {}

    /** The text with these values changed; lines keep their numbers. */
    static String write(String text, List<ScalarNode> values) {
        List<ScalarNode> lastFirst = new ArrayList<>(values);
        lastFirst.sort(
                Comparator.<ScalarNode>comparingInt(node -> node.getStartMark().getIndex())
                        .reversed());
        StringBuilder written = new StringBuilder(text);
        for (ScalarNode node : lastFirst) {
            // marks count characters, not Java's char units
            int start = text.offsetByCodePoints(0, node.getStartMark().getIndex());
            int end = text.offsetByCodePoints(0, node.getEndMark().getIndex());
            String old = text.substring(start, end);
            written.replace(
                    start,
                    end,
                    quoted(raw(node.getValue()))
                            + "\n".repeat((int)
                                    old.chars().filter(c -> c == '\n').count()));
        }
        return written.toString();
    }

    private static String raw(String value) {
        return value.contains(")") ? "RAW{" + value + "}" : "RAW(" + value + ")";
    }

    private static String quoted(String value) {
        return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\t", "\\t") + '"';
    }
}
