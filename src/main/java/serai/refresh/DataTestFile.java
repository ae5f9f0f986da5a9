package serai.refresh;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import serai.edits.EditRefusedException;
import serai.warehouse.SelectText;
import serai.warehouse.SqlSyntaxException;

/** Reads a file of {@code sql/tests} as a {@link DataTest}. */
final class DataTestFile {

    /** The parameters of a test and their types. */
    static final Map<String, String> PARAMETERS = Map.of("now", "timestamptz", "run_id", "bigint");

    private static final Path FOLDER = Path.of("sql", "tests");
    private static final List<String> KEYS =
            List.of("on", "severity", "sample", "warn_if", "error_if", "about", "owner");
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,54}");
    private static final Pattern COLUMN = Pattern.compile("[a-z_][a-z0-9_]{0,62}");
    private static final Pattern LIMIT = Pattern.compile("(>=?) ?([0-9]{1,15})");

    private DataTestFile() {}

    static boolean owns(Path file) {
        return file.startsWith(FOLDER);
    }

    /**
     * Reads a file.
     *
     * @param file its path from the project's folder, such as {@code sql/tests/logins_have_users.sql}
     * @throws EditRefusedException with the line and the fix
     */
    static DataTest parse(Path file, String text) throws EditRefusedException {
        String name = file.getFileName().toString().replaceFirst("\\.sql$", "");
        if (!NAME.matcher(name).matches() || file.getNameCount() != 3) {
            throw new EditRefusedException(
                    file, null, "a test is a file sql/tests/NAME.sql: use a-z, 0-9 and _, at most 55 characters");
        }
        ModelHeader header = ModelHeader.parse(file, text, KEYS, Set.of());
        List<String> on = header.names("on", NAME, "a model");
        if (on.size() > 1) {
            throw header.refuse("on", "a test runs in the transaction of one model: name one");
        }
        return new DataTest(
                file,
                name,
                header.value("about"),
                header.value("owner"),
                severity(header),
                on.isEmpty() ? null : on.get(0),
                header.names("sample", COLUMN, "a column"),
                sql(file, text),
                header.lines());
    }

    private static Severity severity(ModelHeader header) throws EditRefusedException {
        String word = header.value("severity") == null ? "error" : header.value("severity");
        if (!word.equals("error") && !word.equals("warn")) {
            throw header.refuse("severity", "write: @severity error, or warn");
        }
        if (word.equals("warn") && header.value("error_if") != null) {
            throw header.refuse("error_if", "@severity warn has no errors: remove one of both");
        }
        return new Severity(above(header, "warn_if"), word.equals("warn") ? null : above(header, "error_if"));
    }

    /** The rows above which a limit is exceeded. */
    private static long above(ModelHeader header, String key) throws EditRefusedException {
        String limit = header.value(key);
        if (limit == null) {
            return 0;
        }
        Matcher m = LIMIT.matcher(limit);
        if (!m.matches() || m.group(1).equals(">=") && Long.parseLong(m.group(2)) == 0) {
            throw header.refuse(key, "write a number of rows, such as @" + key + " > 10");
        }
        return Long.parseLong(m.group(2)) - (m.group(1).equals(">") ? 0 : 1);
    }

    private static SelectText sql(Path file, String text) throws EditRefusedException {
        try {
            return SelectText.of(text, PARAMETERS);
        } catch (SqlSyntaxException e) {
            throw new EditRefusedException(file, e.line(), e.getMessage());
        }
    }
}
