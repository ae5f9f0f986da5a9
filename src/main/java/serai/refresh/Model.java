package serai.refresh;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import serai.edits.EditRefusedException;
import serai.warehouse.Relation;
import serai.warehouse.SelectText;

/**
 * A parsed SQL file.
 *
 * @param grain the columns that identify a row; empty only for a view
 * @param window its days, for the kinds that are written day by day, else null
 * @param owner who answers for it, or null
 * @param lines the line of each header
 */
record Model(
        Path file,
        String name,
        ModelKind kind,
        Relation relation,
        List<String> grain,
        List<String> reads,
        ModelWindow window,
        String owner,
        String about,
        SelectText sql,
        Map<String, Integer> lines)
        implements Node {

    @Override
    public String hash() {
        return Sha256.of(kind.text(), String.join(",", grain), String.valueOf(window), sql.compact());
    }

    @Override
    public EditRefusedException refuse(String header, String reason) {
        return new EditRefusedException(file, header == null ? null : lines.get(header), reason);
    }
}
