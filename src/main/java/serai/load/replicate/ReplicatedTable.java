package serai.load.replicate;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import serai.load.replicate.mapping.Keyless;
import serai.load.replicate.mapping.PlannedColumn;
import serai.load.replicate.mapping.SourceColumn;
import serai.load.replicate.mapping.SourceRow;
import serai.load.replicate.mapping.SourceTable;
import serai.load.replicate.mapping.TablePlan;
import serai.load.replicate.pgoutput.RowImage;
import serai.warehouse.Relation;

/** A table of the source in one of its shapes, and what arrives of its rows. Used by one thread at a time. */
final class ReplicatedTable {

    private final SourceTable source;
    private final TablePlan plan;
    private final Relation target;
    private final int[] key;
    private final boolean copied;
    private byte[] computed = new byte[256];
    private int end;

    /** @throws IllegalArgumentException when the table has no key, or its target no plain name */
    ReplicatedTable(SourceTable source, TablePlan plan, Relation target) {
        this.source = source;
        this.plan = plan;
        this.target = target;
        this.copied = plan.filter() == null && plan.columns().stream().allMatch(PlannedColumn::isCopied);
        List<String> names = names();
        this.key = plan.primaryKey().stream().mapToInt(names::indexOf).toArray();
        if (key.length == 0 && !isKeyless()) {
            throw new IllegalArgumentException("it has no key. Give it a primary key, or name a unique index by"
                    + " REPLICA IDENTITY USING INDEX; columns that the database generates cannot be in it. Or choose"
                    + " under 'keyless' in the mapping: 'append' for inserts alone, or 'full' with REPLICA IDENTITY"
                    + " FULL.");
        }
    }

    SourceTable source() {
        return source;
    }

    TablePlan plan() {
        return plan;
    }

    Relation target() {
        return target;
    }

    /** Names of the target's columns. */
    List<String> names() {
        return plan.columns().stream().map(PlannedColumn::name).toList();
    }

    /** Places of the key's columns in the target's. */
    int[] key() {
        return key;
    }

    /** Whether its rows have no key, and it is chosen how they are followed. */
    boolean isKeyless() {
        return plan.keyless() != null;
    }

    /** Whether only inserts arrive. */
    boolean isAppended() {
        return plan.keyless() == Keyless.APPEND;
    }

    /** The key's columns at the source. */
    List<SourceColumn> sourceKey() {
        return Arrays.stream(key)
                .map(place -> plan.columns().get(place).source())
                .mapToObj(place -> source.columns().get(place))
                .toList();
    }

    /** The key of a row of the source, as texts. */
    List<String> sourceKeyOf(RowImage row) {
        return Arrays.stream(key)
                .mapToObj(place -> row.text(plan.columns().get(place).source()))
                .toList();
    }

    boolean isKey(int column) {
        return Arrays.stream(key).anyMatch(place -> place == column);
    }

    /** Whether the key is made of these columns of the source alone. */
    boolean isKeyOf(List<String> columns) {
        return Arrays.stream(key)
                .mapToObj(place -> plan.columns().get(place))
                .flatMap(column -> column.reads().stream())
                .allMatch(place -> columns.contains(source.columns().get(place).name()));
    }

    /** Whether all rows arrive, with the source's own texts. */
    boolean isCopied() {
        return copied;
    }

    /** Whether a row's key in the target is its key in the source. */
    boolean canBeReadAgain() {
        return !isKeyless()
                && Arrays.stream(key)
                        .allMatch(place -> plan.columns().get(place).isCopied());
    }

    /** Whether both make the same table. */
    boolean hasSameShape(ReplicatedTable other) {
        return target.equals(other.target) && describe().equals(other.describe());
    }

    private String describe() {
        return plan.columns() + " " + plan.primaryKey() + " " + source.columns();
    }

    /** A row, as the plan reads it. */
    record ImageRow(RowImage image, Operation operation, Instant committedAt, String position, long sequence)
            implements SourceRow {

        @Override
        public String value(int column) {
            return image.text(column);
        }

        @Override
        public boolean isUnchanged(int column) {
            return image.kind(column) == RowImage.UNCHANGED;
        }
    }

    /**
     * Makes the target's row of a source's row.
     *
     * @param out valid until the next row is made
     * @param keyOnly whether only the key is known; other values are then NULL
     */
    void project(ImageRow row, boolean keyOnly, RowImage out) {
        RowImage in = row.image();
        if (copied) {
            out.start(in.bytes());
            for (PlannedColumn column : plan.columns()) {
                int from = column.source();
                out.add(in.kind(from), in.offset(from), in.length(from));
            }
            return;
        }
        end = 0;
        int count = plan.columns().size();
        byte[] kinds = new byte[count];
        int[] offsets = new int[count + 1];
        for (int i = 0; i < count; i++) {
            offsets[i] = end;
            kinds[i] = keyOnly && !isKey(i)
                    ? RowImage.NULL
                    : compute(plan.columns().get(i), row);
        }
        offsets[count] = end;
        out.start(computed);
        for (int i = 0; i < count; i++) {
            out.add(kinds[i], offsets[i], offsets[i + 1] - offsets[i]);
        }
    }

    /**
     * Makes the target's row of a deleted row that is kept: its key, and what is computed from the key and the
     * deletion. Other values are unchanged.
     *
     * @param out valid until the next row is made
     */
    void projectDeletion(ImageRow row, RowImage out) {
        Set<Integer> known = Arrays.stream(key)
                .boxed()
                .flatMap(place -> plan.columns().get(place).reads().stream())
                .collect(Collectors.toSet());
        end = 0;
        List<int[]> values = new ArrayList<>();
        for (int i = 0; i < plan.columns().size(); i++) {
            PlannedColumn column = plan.columns().get(i);
            int from = end;
            boolean sent = isKey(i) || column.source() < 0 && known.containsAll(column.reads());
            values.add(new int[] {sent ? compute(column, row) : RowImage.UNCHANGED, from, end - from});
        }
        out.start(computed);
        values.forEach(value -> out.add((byte) value[0], value[1], value[2]));
    }

    /**
     * What deletions without a place in the log write: columns that depend on nothing but the operation, with their
     * values, by name.
     */
    Map<String, String> deletionMarks() {
        Map<String, String> marks = new LinkedHashMap<>();
        ImageRow one = new ImageRow(null, SourceRow.Operation.DELETE, Instant.EPOCH, "0/0", 0);
        ImageRow other = new ImageRow(null, SourceRow.Operation.DELETE, Instant.EPOCH.plusSeconds(1), "0/1", 1);
        for (PlannedColumn column : plan.columns()) {
            if (column.source() < 0
                    && column.reads().isEmpty()
                    && Objects.equals(column.value(one), column.value(other))) {
                marks.put(column.name(), column.value(one));
            }
        }
        return marks;
    }

    private byte compute(PlannedColumn column, ImageRow row) {
        if (column.isUnchanged(row)) {
            return RowImage.UNCHANGED;
        }
        if (column.isCopied()) {
            RowImage in = row.image();
            append(in.bytes(), in.offset(column.source()), in.length(column.source()));
            return in.kind(column.source());
        }
        String text = column.value(row);
        if (text == null) {
            return RowImage.NULL;
        }
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        append(utf8, 0, utf8.length);
        return RowImage.TEXT;
    }

    private void append(byte[] bytes, int from, int length) {
        if (length > computed.length - end) {
            computed = Arrays.copyOf(computed, 2 * (end + length));
        }
        System.arraycopy(bytes, from, computed, end, length);
        end += length;
    }

    @Override
    public String toString() {
        return source.toString();
    }
}
