package serai.refresh;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import serai.edits.EditRefusedException;
import serai.warehouse.Relation;
import serai.warehouse.SelectText;
import serai.warehouse.SqlSyntaxException;

/**
 * Reads a SQL file as a {@link Model}: its header and its SELECT ({@code docs/reference/sql-convention.md, "Header"}).
 */
final class ModelFile {

    private static final List<String> REPORT_KEYS =
            List.of("title", "group", "chart", "format", "label", "range", "filter", "tile", "settles", "note");
    private static final List<String> KEYS = Stream.concat(
                    Stream.of(
                            "kind",
                            "grain",
                            "reads",
                            "window",
                            "late",
                            "from",
                            "fill",
                            "keep",
                            "deleted",
                            "distribute",
                            "column",
                            "fk",
                            "accepted",
                            "expect",
                            "index",
                            "partition",
                            "grant",
                            "fresh",
                            "owner",
                            "about"),
                    REPORT_KEYS.stream())
            .toList();
    private static final Set<String> REPEATABLE =
            Set.of("column", "fk", "accepted", "index", "chart", "format", "label", "filter", "tile", "note");
    /** The keys that only some kinds have. */
    private static final Map<String, List<String>> KINDS_OF = Map.of(
            "from", List.of("once"),
            "fill", List.of("once"),
            "keep", List.of("upsert"),
            "deleted", List.of("upsert"),
            "partition", List.of("recalc", "once"),
            "index", List.of("table", "recalc", "once", "upsert", "scd2"),
            "distribute", List.of("table", "recalc", "once", "upsert", "scd2"));

    private static final Map<String, String> PARAMETERS =
            Map.of("from", "timestamptz", "to", "timestamptz", "now", "timestamptz", "run_id", "bigint");
    /** The schema of the models in each folder below {@code sql}. */
    private static final Map<String, String> SCHEMAS =
            Map.of("staging", "staging", "dims", "star", "facts", "star", "reports", "report");

    private static final String BYTE_ORDER_MARK = "\uFEFF";
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,54}");
    private static final Pattern READ = Pattern.compile("[a-z_][a-z0-9_]*(\\.[a-z_][a-z0-9_]*)?");
    private final Path file;
    private final ModelHeader header;
    private final ModelKind kind;

    private ModelFile(Path file, ModelHeader header) throws EditRefusedException {
        this.file = file;
        this.header = header;
        this.kind = kind(header);
    }

    /**
     * Reads a file.
     *
     * @param file its path from the project's folder, such as {@code sql/facts/fact_logins.sql}
     * @throws EditRefusedException with the line and the fix
     */
    static Model parse(Path file, String text) throws EditRefusedException {
        Relation relation = relation(file);
        String sql = text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
        return new ModelFile(file, ModelHeader.parse(file, sql, KEYS, REPEATABLE)).model(relation, sql);
    }

    private static Relation relation(Path file) throws EditRefusedException {
        String name = file.getFileName().toString().replaceFirst("\\.sql$", "");
        if (!NAME.matcher(name).matches()) {
            throw new EditRefusedException(
                    file, null, "the file's name is the relation's name: use a-z, 0-9 and _, at most 55 characters");
        }
        String folder = file.getNameCount() < 2 ? "" : file.getName(1).toString();
        if (file.getNameCount() != 3 || !SCHEMAS.containsKey(folder)) {
            throw new EditRefusedException(
                    file, null, "models are in sql/staging, sql/dims, sql/facts and sql/reports: move the file");
        }
        return new Relation(SCHEMAS.get(folder), name);
    }

    private static ModelKind kind(ModelHeader header) throws EditRefusedException {
        String kind = header.required(
                "kind", "there is no @kind: start the file with -- @kind and one of " + ModelKind.headerTexts());
        return ModelKind.ofHeader(kind)
                .orElseThrow(() ->
                        header.refuse("kind", "there is no kind '" + kind + "'; there are " + ModelKind.headerTexts()));
    }

    private Model model(Relation relation, String text) throws EditRefusedException {
        checkKinds();
        List<String> grain = grain();
        WindowHeader units = new WindowHeader(header, kind);
        ModelWindow window = units.window();
        Late late = units.late();
        String about = header.required(
                "about", "there is no @about: write what a row is, such as -- @about One row per user.");
        SelectText sql = sql(text);
        checkParameters(sql);
        TableOptions table = TableOptions.read(header, grain);
        if (table.partition() != null && !grain.contains(window.column())) {
            throw header.refuse(
                    "grain",
                    "a table that is divided by " + window.column() + " (@partition) has it in @grain: PostgreSQL keeps"
                            + " no other columns unique over all partitions. Add it, or remove @partition");
        }
        return new Model(
                file,
                relation.name(),
                kind,
                relation,
                grain,
                header.names("reads", READ, "a relation"),
                window,
                late,
                header.value("owner"),
                about,
                ModelTests.read(header),
                table,
                WriteOptions.read(header, grain),
                Freshness.read(header),
                reportTexts(relation),
                sql,
                header.lines());
    }

    private void checkKinds() throws EditRefusedException {
        for (Map.Entry<String, List<String>> key : KINDS_OF.entrySet()) {
            if (header.value(key.getKey()) != null && !key.getValue().contains(kind.text())) {
                throw header.refuse(
                        key.getKey(),
                        kind.withArticle() + " has no @" + key.getKey() + ": remove it; it is for @kind "
                                + String.join(", ", key.getValue()));
            }
        }
    }

    /** The keys that describe how a report is shown, with their texts. */
    private Map<String, List<String>> reportTexts(Relation relation) throws EditRefusedException {
        Map<String, List<String>> texts = new LinkedHashMap<>();
        for (String key : REPORT_KEYS) {
            List<String> values =
                    header.all(key).stream().map(ModelHeader.Entry::value).toList();
            if (!values.isEmpty() && !relation.schema().equals("report")) {
                throw header.refuse(key, "only reports have @" + key + ": move the file to sql/reports, or remove it");
            }
            if (!values.isEmpty()) {
                texts.put(key, values);
            }
        }
        return texts;
    }

    private List<String> grain() throws EditRefusedException {
        if (kind != ModelKind.VIEW) {
            header.required("grain", kind.withArticle() + " needs @grain: the columns that identify a row");
        }
        List<String> grain = header.names("grain", NAME, "a column");
        if (kind == ModelKind.SCD2 && grain.contains(Versions.FROM)) {
            throw header.refuse("grain", "valid_from is a part of the key of every scd2: remove it from @grain");
        }
        return grain;
    }

    private SelectText sql(String text) throws EditRefusedException {
        try {
            return SelectText.of(text, PARAMETERS);
        } catch (SqlSyntaxException e) {
            throw new EditRefusedException(file, e.line(), e.getMessage());
        }
    }

    private void checkParameters(SelectText sql) throws EditRefusedException {
        List<String> used = sql.parameters();
        for (String name : List.of("from", "to")) {
            if (kind.isIncremental() && !used.contains(name)) {
                throw header.refuse(
                        "kind",
                        kind.withArticle() + " needs :" + name + " in its SELECT, so that only the requested days are"
                                + " calculated: where t >= :from and t < :to");
            }
            if (!kind.isIncremental() && used.contains(name)) {
                throw new EditRefusedException(
                        file, sql.lineOf(name), kind.withArticle() + " has no :" + name + "; a recalc has");
            }
        }
        if (kind.isIncremental()) {
            refuseChanging(sql);
        }
        if (kind == ModelKind.VIEW && !used.isEmpty()) {
            throw new EditRefusedException(
                    file,
                    sql.lineOf(used.get(0)),
                    "a view has no parameters, such as :" + used.get(0) + ": use now(), or make it a table");
        }
    }

    /** Rows of old units would grow wrong without a change of any input. */
    private void refuseChanging(SelectText sql) throws EditRefusedException {
        Optional<SelectText.Use> use = sql.lineOf("now") == null
                ? sql.changingFunction()
                : Optional.of(new SelectText.Use(":now", sql.lineOf("now")));
        if (use.isPresent()) {
            throw new EditRefusedException(
                    file,
                    use.get().line(),
                    kind.withArticle() + " must not use " + use.get().text()
                            + ", because a unit is not calculated again"
                            + " when time goes on: use :to, or write what changes with the day as a view over it");
        }
    }
}
