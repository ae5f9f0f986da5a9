package serai.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import serai.warehouse.Relation;

class ReportHeaderTest {

    private static final ReportTable TABLE = table("created_at", "user_id", "total", "loaded_at");

    @Test
    void printedNamesAreComparedAsColumnNames() throws Exception {
        assertThat(header("Created At,User ID,total"))
                .extracting(ReportHeader::separator)
                .isEqualTo(',');
        assertThat(header("createdAt;userId;\"Total\"").columns())
                .extracting(ReportColumn::name)
                .containsExactly("created_at", "user_id", "total");
        assertThat(header("Total\tCREATED_AT\tuser id").columns())
                .extracting(ReportColumn::name)
                .containsExactly("total", "created_at", "user_id");
    }

    @Test
    void aRouteRenamesColumns() throws Exception {
        ReportHeader header = ReportHeader.of("Created At,User ID,Total (USD)", TABLE, Map.of("Total (USD)", "total"));
        assertThat(header.columns()).extracting(ReportColumn::name).containsExactly("created_at", "user_id", "total");
    }

    @Test
    void aHeaderWithAMissingUnknownOrRepeatedColumnIsRefused() {
        assertThatThrownBy(() -> header("Created At,User ID"))
                .isInstanceOf(ReportHeldException.class)
                .hasMessageContaining("missing [total]");
        assertThatThrownBy(() -> header("Created At,User ID,Total,E-mail"))
                .isInstanceOf(ReportHeldException.class)
                .hasMessageContaining("unknown [E-mail]");
        assertThatThrownBy(() -> header("Created At,User ID,Total,total"))
                .isInstanceOf(ReportHeldException.class)
                .hasMessageContaining("'total' twice");
    }

    private static ReportHeader header(String line) throws ReportHeldException {
        return ReportHeader.of(line, TABLE, Map.of());
    }

    private static ReportTable table(String... names) {
        Map<String, ReportColumn> columns = new LinkedHashMap<>();
        for (String name : names) {
            columns.put(name, new ReportColumn(name, new TextFormat(-1), false, false));
        }
        return new ReportTable(Relation.of("landing.t"), columns, Set.of("loaded_at"), columns.get("created_at"));
    }
}
