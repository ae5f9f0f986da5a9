package serai.refresh;

import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import serai.edits.EditRefusedException;
import serai.warehouse.Relation;
import serai.warehouse.SelectText;

/** Reads a SQL file: its header of {@code -- @key value} lines and its SELECT (spec/sql-convention.md 3.4). */
final class ModelFile {

    private static final List<String> HEADERS = List.of("kind", "grain", "reads", "window", "late", "owner", "about");
    private static final Map<String, String> SCHEMAS =
            Map.of("staging", "staging", "dims", "star", "facts", "star", "reports", "report");
    private static final Pattern HEADER = Pattern.compile("--\\s*@(\\S*)\\s*(.*)");
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,54}");
    private static final Pattern READ = Pattern.compile("[a-z_][a-z0-9_]*(\\.[a-z_][a-z0-9_]*)?");
    private static final Pattern WINDOW = Pattern.compile(
            "([a-z_][a-z0-9_]*) by day from ((?:[a-z_][a-z0-9_]*\\.)?[a-z_][a-z0-9_]*)\\.([a-z_][a-z0-9_]*)"
                    + "(?: zone (\\S+))?(?: keep ([1-9][0-9]{0,4})d)?");

    private final Path file;
    private final Map<String, String> headers = new LinkedHashMap<>();
    private final Map<String, Integer> lines = new LinkedHashMap<>();

    private ModelFile(Path file) {
        this.file = file;
    }

    /**
     * @param file its path from the project's folder, such as {@code sql/facts/fact_logins.sql}
     * @throws EditRefusedException with the line and the mend
     */
    static Model parse(Path file, String text) throws EditRefusedException {
        return new ModelFile(file).model(text);
    }

    private Model model(String text) throws EditRefusedException {
        String name = name();
        Relation relation = new Relation(schema(), name);
        readHeaders(text);
        ModelKind kind = kind();
        List<String> grain = grain(kind);
        ModelWindow window = window(kind);
        String late = headers.get("late");
        if (late != null && (kind != ModelKind.RECALC || !late.equals("dirty"))) {
            throw refuse("late", "@late may only say 'dirty', and only for the kind recalc: leave it out");
        }
        if (!headers.containsKey("about")) {
            throw new EditRefusedException(
                    file, 1, "there is no @about: say what a row is, such as -- @about One row per user.");
        }
        SelectText sql = ModelSql.of(file, text);
        checkParameters(kind, sql);
        return new Model(
                file,
                name,
                kind,
                relation,
                grain,
                reads(),
                window,
                headers.get("owner"),
                headers.get("about"),
                sql,
                lines);
    }

    private String name() throws EditRefusedException {
        String name = file.getFileName().toString().replaceFirst("\\.sql$", "");
        if (!NAME.matcher(name).matches()) {
            throw new EditRefusedException(
                    file, null, "the file's name becomes a relation's name: use a-z, 0-9 and _, at most 55 of them");
        }
        return name;
    }

    private String schema() throws EditRefusedException {
        String folder = file.getNameCount() < 2 ? "" : file.getName(1).toString();
        if (file.getNameCount() != 3 || !SCHEMAS.containsKey(folder)) {
            throw new EditRefusedException(
                    file, null, "a model stands in sql/staging, sql/dims, sql/facts or sql/reports: move the file");
        }
        return SCHEMAS.get(folder);
    }

    private void readHeaders(String text) throws EditRefusedException {
        boolean inHeader = true;
        int number = 0;
        for (String raw : text.split("\n", -1)) {
            number++;
            String line = raw.strip();
            inHeader &= line.isEmpty() || line.startsWith("--");
            Matcher m = HEADER.matcher(line);
            if (m.matches()) {
                readHeader(m.group(1), m.group(2).strip(), number, inHeader);
            }
        }
    }

    private void readHeader(String key, String value, int line, boolean inHeader) throws EditRefusedException {
        if (!inHeader) {
            throw new EditRefusedException(
                    file, line, "@" + key + " stands below the SELECT: move it to the top of the file");
        }
        if (!HEADERS.contains(key)) {
            throw new EditRefusedException(
                    file, line, "there is no header @" + key + "; there are @" + String.join(", @", HEADERS));
        }
        if (value.isEmpty()) {
            throw new EditRefusedException(file, line, "@" + key + " says nothing: give it a value or leave it out");
        }
        if (lines.put(key, line) != null) {
            throw new EditRefusedException(file, line, "@" + key + " stands here a second time: keep one");
        }
        headers.put(key, value);
    }

    private ModelKind kind() throws EditRefusedException {
        String word = headers.get("kind");
        if (word == null) {
            throw new EditRefusedException(
                    file, 1, "there is no @kind: start the file with -- @kind and one of " + ModelKind.headerWords());
        }
        return ModelKind.ofHeader(word)
                .orElseThrow(
                        () -> refuse("kind", "there is no kind '" + word + "'; there are " + ModelKind.headerWords()));
    }

    private List<String> grain(ModelKind kind) throws EditRefusedException {
        if (!headers.containsKey("grain")) {
            if (kind != ModelKind.VIEW) {
                throw new EditRefusedException(
                        file, 1, "a " + kind.word() + " needs @grain: the columns that identify a row");
            }
            return List.of();
        }
        return list("grain", NAME, "a column");
    }

    private List<String> reads() throws EditRefusedException {
        return headers.containsKey("reads") ? list("reads", READ, "a relation") : List.of();
    }

    private List<String> list(String header, Pattern item, String what) throws EditRefusedException {
        LinkedHashSet<String> items = new LinkedHashSet<>();
        for (String part : headers.get(header).split(",", -1)) {
            if (!item.matcher(part.strip()).matches()) {
                throw refuse(
                        header,
                        "'" + part.strip() + "' is not the name of " + what
                                + ": write lower-case names with commas between");
            }
            if (!items.add(part.strip())) {
                throw refuse(header, "'" + part.strip() + "' stands there twice: keep one");
            }
        }
        return List.copyOf(items);
    }

    private ModelWindow window(ModelKind kind) throws EditRefusedException {
        String text = headers.get("window");
        if (text == null || !kind.byDay()) {
            if (text != null) {
                throw refuse("window", "a " + kind.word() + " has no window: leave @window out, or make it a recalc");
            }
            if (kind.byDay()) {
                throw new EditRefusedException(
                        file,
                        1,
                        "a " + kind.word() + " needs @window, such as: date_key by day from stg_logins.login_at");
            }
            return null;
        }
        Matcher m = WINDOW.matcher(text.replaceAll("\\s+", " "));
        if (!m.matches()) {
            throw refuse(
                    "window", "write: @window COLUMN by day from RELATION.COLUMN [zone Europe/London] [keep 400d]");
        }
        Integer keep = m.group(5) == null ? null : Integer.valueOf(m.group(5));
        return new ModelWindow(m.group(1), m.group(2), m.group(3), zone(m.group(4)), keep);
    }

    private ZoneId zone(String name) throws EditRefusedException {
        try {
            return ZoneId.of(name == null ? "UTC" : name);
        } catch (DateTimeException e) {
            throw refuse(
                    "window", "there is no zone '" + name + "': write one of the tz database, such as Europe/London");
        }
    }

    private void checkParameters(ModelKind kind, SelectText sql) throws EditRefusedException {
        List<String> used = sql.parameters();
        for (String name : List.of("from", "to")) {
            if (kind.byDay() && !used.contains(name)) {
                throw new EditRefusedException(
                        file,
                        lines.get("kind"),
                        "a " + kind.word() + " needs :" + name
                                + " in its SELECT, so that only the days asked for are calculated: where t >= :from and t < :to");
            }
            if (!kind.byDay() && used.contains(name)) {
                throw new EditRefusedException(
                        file, sql.lineOf(name), "a " + kind.word() + " has no :" + name + "; a recalc has");
            }
        }
        if (kind == ModelKind.VIEW && !used.isEmpty()) {
            throw new EditRefusedException(
                    file,
                    sql.lineOf(used.get(0)),
                    "a view has no parameters, such as :" + used.get(0) + ": use now(), or make it a table");
        }
    }

    private EditRefusedException refuse(String header, String reason) {
        return new EditRefusedException(file, lines.get(header), reason);
    }
}
