package serai.refresh;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import serai.edits.EditRefusedException;
import serai.warehouse.Relation;
import serai.warehouse.SelectText;

/**
 * A parsed SQL file.
 *
 * @param grain the columns that identify a row; empty only for a view
 * @param window its units, for the kinds that are written unit by unit, else null
 * @param late what else is recalculated than what changed
 * @param owner who answers for it, or null
 * @param fresh how old its data may be, or null
 * @param report how a report is shown: its texts by their key
 * @param lines the line of each header, of the first one if there are several
 */
record Model(
        Path file,
        String name,
        ModelKind kind,
        Relation relation,
        List<String> grain,
        List<String> reads,
        ModelWindow window,
        Late late,
        String owner,
        String about,
        ModelTests tests,
        TableOptions table,
        WriteOptions write,
        Freshness fresh,
        Map<String, List<String>> report,
        SelectText sql,
        Map<String, Integer> lines)
        implements Node {

    @Override
    public String hash() {
        String text =
                kind == ModelKind.UPSERT ? write.keep() + " " + write.deleted() + " " + sql.compact() : sql.compact();
        return Sha256.of(kind.text(), String.join(",", grain), String.valueOf(window), text);
    }

    /** The columns that identify a row of its table: those of the grain, and for an scd2 the begin of the version. */
    List<String> key() {
        return kind == ModelKind.SCD2
                ? Stream.concat(grain.stream(), Stream.of(Versions.FROM)).toList()
                : grain;
    }

    /** The columns that a line of the header names. */
    record ColumnUse(String key, int line, List<String> columns) {}

    /** What the header says of columns, which the SELECT must have; without {@code @window}. */
    List<ColumnUse> columnUses() {
        List<ColumnUse> uses = new ArrayList<>();
        addUse(uses, "grain", grain);
        addUse(uses, "keep", write.keep());
        addUse(uses, "deleted", write.deleted() == null ? List.of() : List.of(write.deleted()));
        table.comments().forEach(c -> uses.add(new ColumnUse("column", c.line(), List.of(c.column()))));
        tests.foreignKeys().forEach(key -> uses.add(new ColumnUse("fk", key.line(), List.of(key.column()))));
        tests.accepted().forEach(key -> uses.add(new ColumnUse("accepted", key.line(), List.of(key.column()))));
        table.indexes().forEach(index -> uses.add(new ColumnUse("index", index.line(), index.columns())));
        return uses;
    }

    private void addUse(List<ColumnUse> uses, String key, List<String> columns) {
        if (!columns.isEmpty()) {
            uses.add(new ColumnUse(key, lines.get(key), columns));
        }
    }

    /** A refusal at a line of its file. */
    EditRefusedException refuse(int line, String reason) {
        return new EditRefusedException(file, line, reason);
    }

    @Override
    public EditRefusedException refuse(String header, String reason) {
        return new EditRefusedException(file, header == null ? null : lines.get(header), reason);
    }
}
