package serai.refresh;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import serai.edits.EditRefusedException;

/** The header of a SQL file: its lines {@code -- @key value} above the statement. */
final class ModelHeader {

    private static final Pattern LINE = Pattern.compile("--\\s*@(\\S*)\\s*(.*)");

    private final Path file;
    private final Map<String, String> values = new LinkedHashMap<>();
    private final Map<String, Integer> lines = new LinkedHashMap<>();

    private ModelHeader(Path file) {
        this.file = file;
    }

    /**
     * Reads the header lines of a file.
     *
     * @param keys the known keys
     * @throws EditRefusedException when a key is unknown, repeated, without a value or below the statement
     */
    static ModelHeader parse(Path file, String text, List<String> keys) throws EditRefusedException {
        ModelHeader header = new ModelHeader(file);
        boolean aboveStatement = true;
        int number = 0;
        for (String raw : text.split("\n", -1)) {
            number++;
            String line = raw.strip();
            aboveStatement &= line.isEmpty() || line.startsWith("--");
            Matcher m = LINE.matcher(line);
            if (m.matches()) {
                if (!aboveStatement) {
                    throw new EditRefusedException(
                            file, number, "@" + m.group(1) + " is below the SELECT: move it to the top of the file");
                }
                header.add(m.group(1), m.group(2).strip(), number, keys);
            }
        }
        return header;
    }

    private void add(String key, String value, int line, List<String> keys) throws EditRefusedException {
        if (!keys.contains(key)) {
            throw new EditRefusedException(
                    file, line, "there is no header @" + key + "; there are @" + String.join(", @", keys));
        }
        if (value.isEmpty()) {
            throw new EditRefusedException(file, line, "@" + key + " has no value: give it one or remove it");
        }
        if (lines.put(key, line) != null) {
            throw new EditRefusedException(file, line, "@" + key + " is there a second time: keep one");
        }
        values.put(key, value);
    }

    /** The value of a key, or null. */
    String value(String key) {
        return values.get(key);
    }

    /** @param refusal the reason and the fix, when the key is missing */
    String required(String key, String refusal) throws EditRefusedException {
        if (!values.containsKey(key)) {
            throw refuse(key, refusal);
        }
        return values.get(key);
    }

    /**
     * The names in a list with commas; none when the key is missing.
     *
     * @param what what is named, for a refusal, such as {@code a column}
     */
    List<String> names(String key, Pattern name, String what) throws EditRefusedException {
        if (!values.containsKey(key)) {
            return List.of();
        }
        Set<String> names = new LinkedHashSet<>();
        for (String item : values.get(key).split(",", -1)) {
            if (!name.matcher(item.strip()).matches()) {
                throw refuse(
                        key,
                        "'" + item.strip() + "' is not the name of " + what
                                + ": write lower-case names with commas between them");
            }
            if (!names.add(item.strip())) {
                throw refuse(key, "'" + item.strip() + "' is listed twice: keep one");
            }
        }
        return List.copyOf(names);
    }

    /** The line of each key. */
    Map<String, Integer> lines() {
        return lines;
    }

    /** A refusal at a key's line, at the first line when the key is missing. */
    EditRefusedException refuse(String key, String reason) {
        return new EditRefusedException(file, lines.getOrDefault(key, 1), reason);
    }
}
