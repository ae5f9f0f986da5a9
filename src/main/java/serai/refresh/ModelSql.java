package serai.refresh;

import java.nio.file.Path;
import java.util.Map;
import serai.edits.EditRefusedException;
import serai.warehouse.SelectText;
import serai.warehouse.SqlSyntaxException;

/** The SELECT of a model's file, with the parameters that models have. */
final class ModelSql {

    private static final Map<String, String> PARAMETERS =
            Map.of("from", "timestamptz", "to", "timestamptz", "now", "timestamptz", "run_id", "bigint");

    private ModelSql() {}

    /** @throws EditRefusedException when the text is not one SELECT or has a parameter that does not exist */
    static SelectText of(Path file, String text) throws EditRefusedException {
        try {
            return SelectText.of(text, PARAMETERS);
        } catch (SqlSyntaxException e) {
            throw new EditRefusedException(file, e.line(), e.getMessage());
        }
    }
}
