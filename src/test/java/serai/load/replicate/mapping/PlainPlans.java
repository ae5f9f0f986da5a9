package serai.load.replicate.mapping;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Plans in which all tables arrive as they are. */
public final class PlainPlans {

    private PlainPlans() {}

    /** Every column under its own name. */
    public static Optional<TablePlan> plan(SourceTable table) {
        return plan(table, false);
    }

    /** The same, with every version of each row. */
    public static Optional<TablePlan> withHistory(SourceTable table) {
        return plan(table, true);
    }

    private static Optional<TablePlan> plan(SourceTable table, boolean history) {
        List<PlannedColumn> columns = new ArrayList<>();
        for (int i = 0; i < table.columns().size(); i++) {
            SourceColumn column = table.columns().get(i);
            columns.add(PlannedColumn.kept(column.name(), column.type(), false, i, null));
        }
        return Optional.of(new TablePlan(
                "app",
                table.name(),
                columns,
                table.primaryKey(),
                List.of(),
                null,
                Set.of(),
                false,
                null,
                history,
                0,
                List.of()));
    }
}
