package serai.refresh;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import serai.edits.EditRefusedException;
import serai.settings.Spelling;

/** The header of a SQL file: its lines {@code -- @key value} above the statement. */
final class ModelHeader {

    private static final Pattern LINE = Pattern.compile("--\\s*@(\\S*)\\s*(.*)");

    /** @param line of the file, from 1 */
    record Entry(String key, String value, int line) {}

    private final Path file;
    private final Map<String, List<Entry>> entries = new LinkedHashMap<>();

    private ModelHeader(Path file) {
        this.file = file;
    }

    /**
     * Reads the header lines of a file.
     *
     * @param keys the known keys
     * @param repeatable those of them that may be there several times
     * @throws EditRefusedException when a key is unknown, repeated, without a value or below the statement
     */
    static ModelHeader parse(Path file, String text, List<String> keys, Set<String> repeatable)
            throws EditRefusedException {
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
                header.add(new Entry(m.group(1), m.group(2).strip(), number), keys, repeatable);
            }
        }
        return header;
    }

    private void add(Entry entry, List<String> keys, Set<String> repeatable) throws EditRefusedException {
        String key = entry.key();
        if (!keys.contains(key)) {
            throw refuse(entry, "there is no header @" + key + "; did you mean @" + Spelling.nearest(key, keys) + "?");
        }
        if (entry.value().isEmpty()) {
            throw refuse(entry, "@" + key + " has no value: give it one or remove it");
        }
        List<Entry> same = entries.computeIfAbsent(key, k -> new ArrayList<>());
        if (!same.isEmpty() && !repeatable.contains(key)) {
            throw refuse(entry, "@" + key + " is there a second time: keep one");
        }
        same.add(entry);
    }

    /** The value of a key, the first one if there are several; or null. */
    String value(String key) {
        return entries.containsKey(key) ? entries.get(key).get(0).value() : null;
    }

    /** All lines with a key, in order; none when it is missing. */
    List<Entry> all(String key) {
        return entries.getOrDefault(key, List.of());
    }

    /** @param refusal the reason and the fix, when the key is missing */
    String required(String key, String refusal) throws EditRefusedException {
        if (!entries.containsKey(key)) {
            throw refuse(key, refusal);
        }
        return value(key);
    }

    /**
     * The names in a key's list with commas; none when the key is missing.
     *
     * @param what what is named, for a refusal, such as {@code a column}
     */
    List<String> names(String key, Pattern name, String what) throws EditRefusedException {
        return entries.containsKey(key) ? names(entries.get(key).get(0), value(key), name, what) : List.of();
    }

    /** The names in a list with commas, which is a part of a line. */
    List<String> names(Entry entry, String list, Pattern name, String what) throws EditRefusedException {
        Set<String> names = new LinkedHashSet<>();
        for (String item : list.split(",", -1)) {
            if (!name.matcher(item.strip()).matches()) {
                throw refuse(
                        entry,
                        "'" + item.strip() + "' is not the name of " + what
                                + ": write lower-case names with commas between them");
            }
            if (!names.add(item.strip())) {
                throw refuse(entry, "'" + item.strip() + "' is listed twice: keep one");
            }
        }
        return List.copyOf(names);
    }

    /** The line of each key, of its first one if there are several. */
    Map<String, Integer> lines() {
        return entries.values().stream().map(e -> e.get(0)).collect(Collectors.toMap(Entry::key, Entry::line));
    }

    /** A refusal at a key's line, at the first line when the key is missing. */
    EditRefusedException refuse(String key, String reason) {
        return new EditRefusedException(
                file, entries.containsKey(key) ? entries.get(key).get(0).line() : 1, reason);
    }

    /** A refusal at a line of the header. */
    EditRefusedException refuse(Entry entry, String reason) {
        return new EditRefusedException(file, entry.line(), reason);
    }
}
