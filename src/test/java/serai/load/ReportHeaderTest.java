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

    @Test
    void aColumnOfJustTheNameThatIsPrintedComesFirst() throws Exception {
        ReportTable table = table("createdAt", "created_at", "größe", "na\u00efve_name", "loaded_at");
        assertThat(ReportHeader.of("createdAt,Created At,größe,Na\u00efve Name", table, Map.of())
                        .columns())
                .extracting(ReportColumn::name)
                .containsExactly("createdAt", "created_at", "größe", "na\u00efve_name");
        assertThat(ReportHeader.of("Größe,createdAt,created_at,Na\u00efve-Name", table, Map.of())
                        .columns())
                .extracting(ReportColumn::name)
                .startsWith("größe");
    }

    @Test
    void twoNamesOfOneSpellingAreBothNamedWithWhatToDo() {
        ReportTable table = table("conversion", "created_at");
        assertThatThrownBy(() -> ReportHeader.of("Created At,Conversion,Conversion %", table, Map.of()))
                .hasMessage("The header has 'Conversion' and 'Conversion %', which both read as the column conversion."
                        + " Rename one in the question, or name its column in 'columns' of the route, as"
                        + " Conversion %=COLUMN.");
    }

    @Test
    void namesWithCommasEqualsSignsAndQuotesAreWrittenInQuotes() {
        assertThat(PropertyLists.pairs(
                        "columns", "Total (USD)=total, \"a, b = c\"=x ,\"say \"\"hi\"\"\"=y,O'Neil=z, Größe=g,"))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "Total (USD)", "total", "a, b = c", "x", "say \"hi\"", "y", "O'Neil", "z", "Größe", "g"));
        assertThat(PropertyLists.pairs("columns", "")).isEmpty();
        for (String wrong : new String[] {"a", "a,b=c", "a=b=c", "=x", "\"a\"b=c", "\"a=c"}) {
            assertThatThrownBy(() -> PropertyLists.pairs("columns", wrong))
                    .as(wrong)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("double quotes");
        }
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
