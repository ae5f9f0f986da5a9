package serai.refresh;

import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import serai.edits.EditRefusedException;
import serai.warehouse.SqlScript;
import serai.warehouse.SqlSyntaxException;

/**
 * A folder of {@code sql/cases}: rows that are given, statements that change them, and rows that models then have.
 *
 * @param stages what is given, and then each step
 */
record TestCase(String name, List<Stage> stages) {

    private static final int MOST_STEPS = 99;
    private static final int MOST_ROWS = 10_000;
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9_-]{0,54}");
    private static final Pattern FILE = Pattern.compile("(?:(given|steps/(\\d{1,4}))\\.sql|given/([^/]+)\\.csv"
            + "|(?:given|steps/(\\d{1,4}))\\.expected/([^/]+)\\.csv)");
    private static final Pattern RELATION = Pattern.compile("(?:[a-z_][a-z0-9_]*\\.)?[a-z_][a-z0-9_]*");
    private static final Pattern KEY = Pattern.compile("(?m)^[ \\t]*--[ \\t]*@(\\w+)[ \\t]*(\\S*)");

    /**
     * What happens before one refresh, and what is expected after it.
     *
     * @param file its statements, or where they would be
     * @param now the clock of the refresh
     * @param statements none when only rows are given, or only time goes on
     * @param given rows to insert before the statements
     * @param expected the rows of models and relations after the refresh
     */
    record Stage(
            Path file,
            Instant now,
            List<SqlScript.Statement> statements,
            List<CsvFile> given,
            List<CsvFile> expected) {}

    /** A stage while its files are read. */
    private static final class Draft {
        private Path file;
        private String text = "";
        private Instant now;
        private final List<CsvFile> given = new ArrayList<>();
        private final List<CsvFile> expected = new ArrayList<>();
    }

    /**
     * Reads a case.
     *
     * @param files its files, relative to the project's folder
     * @throws EditRefusedException the first mistake
     */
    static TestCase parse(String name, Map<Path, String> files) throws EditRefusedException {
        Path folder = CaseFiles.FOLDER.resolve(name);
        if (!NAME.matcher(name).matches()) {
            throw new EditRefusedException(
                    folder, null, "the name of a case has a-z, 0-9, _ and -, at most 55: rename the folder");
        }
        // by the number of the step; what is given is 0
        TreeMap<Integer, Draft> drafts = new TreeMap<>();
        drafts.computeIfAbsent(0, n -> new Draft()).file = folder.resolve("given.sql");
        for (Map.Entry<Path, String> file : files.entrySet()) {
            add(drafts, folder, file.getKey(), file.getValue());
        }
        require(drafts, folder);
        setClocks(drafts.values(), folder);
        List<Stage> stages = new ArrayList<>();
        for (Draft draft : drafts.values()) {
            stages.add(new Stage(draft.file, draft.now, statements(draft), draft.given, draft.expected));
        }
        return new TestCase(name, stages);
    }

    private static void add(Map<Integer, Draft> drafts, Path folder, Path file, String text)
            throws EditRefusedException {
        Matcher m = FILE.matcher(folder.relativize(file).toString().replace('\\', '/'));
        if (!m.matches()) {
            throw new EditRefusedException(
                    file,
                    null,
                    "a case has given.sql, given/REL.csv, given.expected/REL.csv, steps/01.sql and"
                            + " steps/01.expected/REL.csv: move or remove this file");
        }
        String step = m.group(2) == null ? m.group(4) : m.group(2);
        Draft draft = drafts.computeIfAbsent(step == null ? 0 : Integer.parseInt(step), n -> new Draft());
        if (m.group(1) == null) {
            CsvFile rows = CsvFile.parse(file, text, MOST_ROWS, "a case shows a thing with few rows");
            if (!RELATION.matcher(rows.name()).matches()) {
                throw new EditRefusedException(
                        file, null, "the file is named as a relation, such as landing.logins.csv: rename it");
            }
            (m.group(3) == null ? draft.expected : draft.given).add(rows);
            return;
        }
        if (step != null && (Integer.parseInt(step) == 0 || draft.file != null)) {
            throw new EditRefusedException(file, null, "steps have different numbers from 01 on: rename it");
        }
        draft.file = file;
        draft.text = text;
        draft.now = now(file, text);
    }

    private static Instant now(Path file, String text) throws EditRefusedException {
        Instant now = null;
        Matcher key = KEY.matcher(text);
        while (key.find()) {
            int line = (int) text.substring(0, key.start(1)).lines().count();
            if (!key.group(1).equals("now")) {
                throw new EditRefusedException(
                        file, line, "there is no @" + key.group(1) + " here; write @now 2026-03-01T12:00, or no @");
            }
            if (now != null || !withoutComments(text.substring(0, key.start())).isBlank()) {
                throw new EditRefusedException(
                        file, line, "@now is there a second time, or below a statement: keep one, above all");
            }
            now = time(file, line, key.group(2));
        }
        return now;
    }

    private static Instant time(Path file, int line, String text) throws EditRefusedException {
        try {
            TemporalAccessor read = DateTimeFormatter.ISO_DATE_TIME.parseBest(
                    text.contains("T") ? text : text + "T00:00", OffsetDateTime::from, LocalDateTime::from);
            return read instanceof OffsetDateTime zoned
                    ? zoned.toInstant()
                    : ((LocalDateTime) read).toInstant(ZoneOffset.UTC);
        } catch (DateTimeException e) {
            throw new EditRefusedException(file, line, "'" + text + "' is no time: write @now 2026-03-01T12:00");
        }
    }

    private static String withoutComments(String text) {
        return text.replaceAll("(?m)^\\s*--.*$", "");
    }

    private static void require(TreeMap<Integer, Draft> drafts, Path folder) throws EditRefusedException {
        for (Map.Entry<Integer, Draft> draft : drafts.entrySet()) {
            if (draft.getValue().file == null) {
                throw new EditRefusedException(
                        draft.getValue().expected.get(0).file(),
                        null,
                        "there is no file of statements of step " + draft.getKey() + ": rename the folder, or add it");
            }
        }
        if (drafts.size() > MOST_STEPS + 1) {
            throw new EditRefusedException(
                    folder.resolve("steps"), null, "a case has at most " + MOST_STEPS + " steps: make two of it");
        }
        Draft last = drafts.lastEntry().getValue();
        if (last.expected.isEmpty()) {
            throw new EditRefusedException(
                    last.file,
                    null,
                    "nothing is expected after it: write the rows of a model to "
                            + last.file.toString().replaceFirst("\\.sql$", ".expected") + "/MODEL.csv");
        }
    }

    /** A stage without a time has that of the one before; the first ones have the first that is named. */
    private static void setClocks(Iterable<Draft> drafts, Path folder) throws EditRefusedException {
        Instant time = null;
        for (Draft draft : drafts) {
            if (draft.now != null && time != null && draft.now.isBefore(time)) {
                throw new EditRefusedException(
                        draft.file, 1, "@now is before that of an earlier step: a clock does not go back");
            }
            time = draft.now == null ? time : draft.now;
            draft.now = time;
        }
        if (time == null) {
            throw new EditRefusedException(
                    folder,
                    null,
                    "a case needs a clock, or its result depends on the day: begin given.sql or the first step with"
                            + " -- @now 2026-03-01T12:00");
        }
        Instant first = null;
        for (Draft draft : drafts) {
            first = first == null ? draft.now : first;
        }
        for (Draft draft : drafts) {
            draft.now = draft.now == null ? first : draft.now;
        }
    }

    private static List<SqlScript.Statement> statements(Draft draft) throws EditRefusedException {
        if (withoutComments(draft.text).isBlank()) {
            return List.of();
        }
        try {
            return SqlScript.of(draft.text).statements();
        } catch (SqlSyntaxException e) {
            throw new EditRefusedException(draft.file, e.line(), e.getMessage());
        }
    }
}
