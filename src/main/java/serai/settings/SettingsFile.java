package serai.settings;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/** The entries of a properties file, each with its line. */
final class SettingsFile {

    /** One entry; when a key comes twice, the later one is in effect, as {@link Properties} has it. */
    record Entry(String value, int line) {}

    private SettingsFile() {}

    /** @throws IOException when the file cannot be read, or has an invalid escape; the message names the line */
    static Map<String, Entry> read(Path file) throws IOException {
        Map<String, Entry> entries = new LinkedHashMap<>();
        List<String> lines = Files.readAllLines(file);
        for (int i = 0; i < lines.size(); i++) {
            int first = i;
            StringBuilder entry = new StringBuilder(lines.get(i));
            boolean comment = lines.get(i).stripLeading().startsWith("#")
                    || lines.get(i).stripLeading().startsWith("!");
            while (!comment && continues(lines.get(i)) && i + 1 < lines.size()) {
                i++;
                entry.append('\n').append(lines.get(i));
            }
            Properties one = new Properties();
            try {
                one.load(new StringReader(entry.toString()));
            } catch (IllegalArgumentException e) {
                throw new IOException(
                        "line " + (first + 1) + " has a malformed \\u escape; write \\\\ for a backslash", e);
            }
            one.stringPropertyNames().forEach(key -> entries.put(key, new Entry(one.getProperty(key), first + 1)));
        }
        return entries;
    }

    /** Whether a line ends in an odd number of backslashes. */
    private static boolean continues(String line) {
        int backslashes = 0;
        while (backslashes < line.length() && line.charAt(line.length() - 1 - backslashes) == '\\') {
            backslashes++;
        }
        return backslashes % 2 == 1;
    }
}
