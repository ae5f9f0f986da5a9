package serai.watch.template;

import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

import serai.watch.rule.Python;

/** {@code json.dumps(value, sort_keys=True)}: spaces behind commas and colons, other characters than ASCII escaped. */
final class PythonJson {

    private PythonJson() {
    }

    /** @param indent spaces for each level; -1 for all in one line */
    static String text(Object value, int indent) {
        StringBuilder out = new StringBuilder();
        write(value, indent, 1, out);
        return Values.bounded(out.toString());
    }

    private static void write(Object value, int indent, int level, StringBuilder out) {
        if (value instanceof Undefined) {
            throw new Failure("Object of type Undefined is not JSON serializable");
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> sorted = new TreeMap<>();
            map.forEach((k, v) -> sorted.put(Values.text(k), v));
            String before = "{";
            for (Map.Entry<String, Object> entry : sorted.entrySet()) {
                out.append(before).append(line(indent, level));
                quote(entry.getKey(), out);
                out.append(": ");
                write(entry.getValue(), indent, level + 1, out);
                before = indent < 0 ? ", " : ",";
            }
            out.append(sorted.isEmpty() ? "{" : line(indent, level - 1)).append('}');
        } else if (value instanceof Collection<?> list) {
            String before = "[";
            for (Object item : list) {
                out.append(before).append(line(indent, level));
                write(item, indent, level + 1, out);
                before = indent < 0 ? ", " : ",";
            }
            out.append(list.isEmpty() ? "[" : line(indent, level - 1)).append(']');
        } else if (value instanceof Number || value instanceof Boolean || value instanceof None || value == null) {
            out.append(Python.json(value));
        } else {
            quote(Values.text(value), out);
        }
    }

    private static String line(int indent, int level) {
        return indent < 0 ? "" : "\n" + " ".repeat(indent * level);
    }

    private static void quote(String text, StringBuilder out) {
        String quoted = Python.json(text);
        quoted.chars().forEach(c -> out.append(c < 0x7f ? String.valueOf((char) c) : String.format("\\u%04x", c)));
    }
}
