package serai.refresh;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import serai.edits.EditRefusedException;
import serai.warehouse.Relation;

/**
 * A file of statements that fill relations of its own, which migrations have created.
 *
 * @param writes the relations that it fills, at least one
 * @param owner who answers for it, or null
 * @param text the file
 * @param lines the line of each header, of the first one if there are several
 */
record Script(
        Path file,
        String name,
        List<String> reads,
        List<Relation> writes,
        String owner,
        String about,
        String text,
        Map<String, Integer> lines)
        implements Node {

    @Override
    public ModelKind kind() {
        return ModelKind.SCRIPT;
    }

    /** The first relation that it fills. */
    @Override
    public Relation relation() {
        return writes.get(0);
    }

    @Override
    public String hash() {
        return Sha256.of(kind().text(), text);
    }

    @Override
    public EditRefusedException refuse(String header, String reason) {
        return new EditRefusedException(file, header == null ? null : lines.get(header), reason);
    }
}
