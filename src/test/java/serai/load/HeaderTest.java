package serai.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import serai.warehouse.Relation;

class HeaderTest {

    private static final ReportTable TABLE = table("created_at", "user_id", "total", "loaded_at");

    @Test
    void displayNamesAreComparedAsColumnNames() throws Exception {
        assertThat(header("Created At,User ID,total"))
                .extracting(Header::separator)
                .isEqualTo(',');
        assertThat(header("createdAt;userId;\"Total\"").columns())
                .extracting(Column::name)
                .containsExactly("created_at", "user_id", "total");
        assertThat(header("Total\tCREATED_AT\tuser id").columns())
                .extracting(Column::name)
                .containsExactly("total", "created_at", "user_id");
    }

    @Test
    void otherNamesAreSaidInTheRoute() throws Exception {
        Header header = Header.of(
                "Created At,User ID,Total (USD)".getBytes(StandardCharsets.UTF_8),
                TABLE,
                Map.of("Total (USD)", "total"));
        assertThat(header.columns()).extracting(Column::name).containsExactly("created_at", "user_id", "total");
    }

    @Test
    void aColumnTooManyOrTooFewIsNamed() {
        assertThatThrownBy(() -> header("Created At,User ID"))
                .isInstanceOf(HeldException.class)
                .hasMessageContaining("missing [total]");
        assertThatThrownBy(() -> header("Created At,User ID,Total,E-mail"))
                .isInstanceOf(HeldException.class)
                .hasMessageContaining("unknown [E-mail]");
        assertThatThrownBy(() -> header("Created At,User ID,Total,total"))
                .isInstanceOf(HeldException.class)
                .hasMessageContaining("'total' twice");
    }

    private static Header header(String line) throws HeldException {
        return Header.of(line.getBytes(StandardCharsets.UTF_8), TABLE, Map.of());
    }

    private static ReportTable table(String... names) {
        Map<String, Column> columns = new LinkedHashMap<>();
        for (String name : names) {
            columns.put(name, new Column(name, ColumnType.TEXT, 0, 0, 0, false, false, ZoneOffset.UTC));
        }
        return new ReportTable(Relation.of("landing.t"), columns, Set.of("loaded_at"), columns.get("created_at"));
    }
}
