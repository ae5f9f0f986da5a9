package serai.load.replicate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import serai.load.replicate.mapping.PlainPlans;
import serai.load.replicate.mapping.SourceColumn;
import serai.load.replicate.mapping.SourceTable;
import serai.load.replicate.pgoutput.RowImage;
import serai.warehouse.Relation;

/** Net changes by key. */
class TableChangesTest {

    private static final String UNCHANGED = "(unchanged)";

    private static ReplicatedTable table() {
        SourceTable source = new SourceTable(
                "public",
                "t",
                List.of(new SourceColumn("v", "text"), new SourceColumn("id", "text"), new SourceColumn("w", "text")),
                List.of("id"));
        return new ReplicatedTable(source, PlainPlans.plan(source).orElseThrow(), Relation.of("app.t"));
    }

    /** A change: its operation, key and other values. */
    record Change(byte operation, String key, String v, String w) {}

    private static RowImage image(String... values) {
        byte[] bytes = String.join(
                        "",
                        Arrays.stream(values)
                                .map(value -> value == null ? "" : value)
                                .toList())
                .getBytes(StandardCharsets.UTF_8);
        RowImage image = new RowImage();
        image.start(bytes);
        int at = 0;
        for (String value : values) {
            int length = value == null ? 0 : value.getBytes(StandardCharsets.UTF_8).length;
            byte kind = value == null ? RowImage.NULL : value.equals(UNCHANGED) ? RowImage.UNCHANGED : RowImage.TEXT;
            image.add(kind, at, kind == RowImage.TEXT ? length : 0);
            at += length;
        }
        return image;
    }

    private static List<String> values(TableChanges changes, int row) {
        RowImage image = new RowImage();
        changes.read(row, image);
        List<String> values = new ArrayList<>();
        for (int i = 0; i < image.size(); i++) {
            values.add(image.kind(i) == RowImage.UNCHANGED ? UNCHANGED : image.text(i));
        }
        return values;
    }

    @Example
    void aValueThatWasNotSentIsThatOfTheChangeBefore() {
        TableChanges changes = new TableChanges(table());
        changes.put(TableChanges.UPSERT, image("a", "1", null));
        changes.put(TableChanges.UPSERT, image(UNCHANGED, "1", "b"));
        changes.put(TableChanges.UPSERT, image(UNCHANGED, "2", ""));
        changes.put(TableChanges.DELETE, image(null, "3", null));
        assertThat(changes.size()).isEqualTo(3);
        assertThat(values(changes, 0)).containsExactly("a", "1", "b");
        assertThat(values(changes, 1)).containsExactly(UNCHANGED, "2", "");
        assertThat(values(changes, 2)).containsExactly(null, "3", null);
        assertThat(changes.key(2)).containsExactly("3");
    }

    @Example
    void aRowThatHasToBeReadAgainStaysSoUntilItIsWhole() {
        TableChanges changes = new TableChanges(table());
        changes.put(TableChanges.REREAD, image(null, "1", null));
        changes.put(TableChanges.UPSERT, image(UNCHANGED, "1", "x"));
        assertThat(changes.operation(0)).isEqualTo(TableChanges.REREAD);
        changes.put(TableChanges.UPSERT, image("v", "1", "x"));
        assertThat(changes.operation(0)).isEqualTo(TableChanges.UPSERT);
        assertThat(values(changes, 0)).containsExactly("v", "1", "x");
    }

    @Example
    void aDeletedRowThatIsKeptHasItsValuesUnlessItHadLeftBefore() {
        TableChanges changes = new TableChanges(table());
        changes.put(TableChanges.UPSERT, image("a", "1", "I"));
        changes.put(TableChanges.KEEP, image(UNCHANGED, "1", "D"));
        changes.put(TableChanges.DELETE, image(null, "2", null));
        changes.put(TableChanges.KEEP, image(UNCHANGED, "2", "D"));
        changes.put(TableChanges.REREAD, image(null, "3", null));
        changes.put(TableChanges.KEEP, image(UNCHANGED, "3", "D"));
        assertThat(changes.operation(0)).isEqualTo(TableChanges.UPSERT);
        assertThat(values(changes, 0)).containsExactly("a", "1", "D");
        assertThat(changes.operation(1)).isEqualTo(TableChanges.DELETE);
        assertThat(changes.operation(2)).isEqualTo(TableChanges.KEEP);
        assertThat(values(changes, 2)).containsExactly(UNCHANGED, "3", "D");
        changes.put(TableChanges.UPSERT, image("b", "3", "I"));
        assertThat(changes.operation(2)).isEqualTo(TableChanges.UPSERT);
        assertThat(values(changes, 2)).containsExactly("b", "3", "I");
    }

    @Example
    void aChangeWithoutItsKeyIsRefused() {
        TableChanges changes = new TableChanges(table());
        assertThatThrownBy(() -> changes.put(TableChanges.DELETE, image("a", null, "b")))
                .hasMessage("A change of public.t came without its key.");
    }

    @Property(tries = 200)
    void theLastImageOfEachKeyIsKept(@ForAll("changes") List<Change> list) {
        TableChanges changes = new TableChanges(table());
        Map<String, Change> expected = new HashMap<>();
        for (Change change : list) {
            changes.put(change.operation(), image(change.v(), change.key(), change.w()));
            expected.put(change.key(), change);
        }
        assertThat(changes.size()).isEqualTo(expected.size());
        for (int row = 0; row < changes.size(); row++) {
            Change change = expected.get(changes.key(row).get(0));
            assertThat(changes.operation(row)).isEqualTo(change.operation());
            boolean whole = change.operation() == TableChanges.UPSERT;
            assertThat(values(changes, row))
                    .containsExactly(whole ? change.v() : null, change.key(), whole ? change.w() : null);
        }
    }

    @Provide
    Arbitrary<List<Change>> changes() {
        Arbitrary<String> text = Arbitraries.strings()
                .withCharRange(' ', '\u00ff')
                .ofMaxLength(8)
                .injectNull(0.2);
        return Combinators.combine(
                        Arbitraries.of(TableChanges.UPSERT, TableChanges.DELETE),
                        Arbitraries.integers().between(0, 400).map(String::valueOf),
                        text,
                        text)
                .as(Change::new)
                .list()
                .ofMaxSize(1_500);
    }
}
