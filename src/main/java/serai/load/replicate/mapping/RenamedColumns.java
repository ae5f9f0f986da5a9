package serai.load.replicate.mapping;

import java.util.List;
import java.util.function.ToIntFunction;

/** Finds columns that lose a protection because the source has renamed them. */
final class RenamedColumns {

    private RenamedColumns() {}

    static List<String> exposed(
            SourceTable before,
            ToIntFunction<SourceColumn> protectionBefore,
            SourceTable after,
            ToIntFunction<SourceColumn> protectionAfter) {
        return after.columns().stream()
                .filter(column -> before.indexOf(column.name()) < 0)
                .filter(column -> before.columns().stream()
                        .filter(old -> mayBe(old, column, after))
                        .anyMatch(old -> protectionBefore.applyAsInt(old) > protectionAfter.applyAsInt(column)))
                .map(SourceColumn::name)
                .toList();
    }

    private static boolean mayBe(SourceColumn old, SourceColumn column, SourceTable after) {
        boolean known = old.number() > 0 && column.number() > 0;
        return known ? old.number() == column.number() : after.indexOf(old.name()) < 0;
    }
}
