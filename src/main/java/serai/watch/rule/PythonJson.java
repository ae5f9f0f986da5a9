package serai.watch.rule;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * JSON as Python's {@code json.dumps} writes it: other characters than ASCII escaped, numbers as Python prints them.
 *
 * @param sorted whether keys are sorted
 * @param comma  what stands between elements, such as ", "
 * @param colon  what stands behind a key, such as ": "
 * @param indent spaces for each level; -1 for all in one line
 */
public record PythonJson(boolean sorted, String comma, String colon, int indent) {

    /** {@code json.dumps(value, separators=(',', ':'))}. */
    public static final PythonJson COMPACT = new PythonJson(false, ",", ":", -1);

    /** {@code json.dumps(value, sort_keys=True, indent=indent)}; -1 for none. */
    public static PythonJson sorted(int indent) {
        return new PythonJson(true, indent < 0 ? ", " : ",", ": ", indent);
    }

    public String text(Object value) {
        StringBuilder out = new StringBuilder();
        write(value, 1, out);
        return out.toString();
    }

    private void write(Object value, int level, StringBuilder out) {
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> keys = sorted ? new TreeMap<>() : new LinkedHashMap<>();
            map.forEach((k, v) -> keys.put(Python.str(k), v));
            String before = "{";
            for (Map.Entry<String, Object> entry : keys.entrySet()) {
                out.append(before).append(line(level));
                quote(entry.getKey(), out);
                out.append(colon);
                write(entry.getValue(), level + 1, out);
                before = comma;
            }
            out.append(keys.isEmpty() ? "{" : line(level - 1)).append('}');
        } else if (value instanceof Collection<?> list) {
            String before = "[";
            for (Object item : list) {
                out.append(before).append(line(level));
                write(item, level + 1, out);
                before = comma;
            }
            out.append(list.isEmpty() ? "[" : line(level - 1)).append(']');
        } else if (value == null || value instanceof Number || value instanceof Boolean || value instanceof Python.Value) {
            out.append(Python.json(value));
        } else {
            quote(Python.str(value), out);
        }
    }

    private String line(int level) {
        return indent < 0 ? "" : "\n" + " ".repeat(indent * level);
    }

    private static void quote(String text, StringBuilder out) {
        Python.json(text).chars().forEach(c -> out.append(c < 0x7f ? String.valueOf((char) c) : String.format("\\u%04x", c)));
    }
}
