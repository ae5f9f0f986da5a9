package serai.refresh;

import java.util.ArrayList;
import java.util.List;
import serai.warehouse.Relation;

/** The tests of a model's header that look at rows: {@code @fk} and {@code @accepted}. */
final class HeaderTests {

    private HeaderTests() {}

    /** @param rows the rows to test: the model's table, or those that are to be written */
    static List<RowTest> of(Model model, ModelGraph graph, Relation rows) {
        List<RowTest> tests = new ArrayList<>();
        model.tests().foreignKeys().forEach(key -> tests.add(RowTest.of(model, key, rows, graph)));
        model.tests().accepted().forEach(accepted -> tests.add(RowTest.of(model, accepted, rows)));
        return tests;
    }
}
