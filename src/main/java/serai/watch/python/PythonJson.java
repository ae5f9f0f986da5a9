package serai.watch.python;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Python's {@code json.dumps}.
 *
 * @param sorted {@code sort_keys}
 * @param ascii {@code ensure_ascii}: characters beyond ASCII are escaped
 * @param comma the first of {@code separators}, between elements
 * @param colon the second of {@code separators}, behind a key
 * @param indent spaces for each level; -1 for one line
 */
public record PythonJson(boolean sorted, boolean ascii, String comma, String colon, int indent) {

    /** {@code json.dumps(value, separators=(',', ':'))}. */
    public static final PythonJson COMPACT = new PythonJson(false, true, ",", ":", -1);

    /** {@code json.dumps(value, indent=4, sort_keys=True, ensure_ascii=False)}. */
    public static final PythonJson PRETTY = new PythonJson(true, false, ",", ": ", 4);

    /** {@code json.dumps(value, sort_keys=True, indent=indent)}; -1 for none. */
    public static PythonJson sorted(int indent) {
        return new PythonJson(true, true, indent < 0 ? ", " : ",", ": ", indent);
    }

    /** The JSON of a value. */
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
        } else {
            scalar(value, out);
        }
    }

    private String line(int level) {
        return indent < 0 ? "" : "\n" + " ".repeat(indent * level);
    }

    private void scalar(Object value, StringBuilder out) {
        if (value == null || value instanceof Python.Value) {
            out.append("null");
        } else if (value instanceof Boolean) {
            out.append(value);
        } else if (value instanceof Double number && (number.isNaN() || number.isInfinite())) {
            out.append(number.isNaN() ? "NaN" : number > 0 ? "Infinity" : "-Infinity");
        } else if (value instanceof Number) {
            out.append(Python.repr(value));
        } else {
            quote(Python.str(value), out);
        }
    }

    private void quote(String text, StringBuilder out) {
        out.append('"');
        text.chars().forEach(c -> {
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                default ->
                    out.append(c < 0x20 || ascii && c >= 0x7f ? String.format("\\u%04x", c) : String.valueOf((char) c));
            }
        });
        out.append('"');
    }
}
