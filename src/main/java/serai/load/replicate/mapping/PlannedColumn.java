package serai.load.replicate.mapping;

import java.util.Objects;
import java.util.Set;

/**
 * A column that arrives: one of the source, kept or masked, or one that is computed.
 *
 * <p>Its value has three states: a text, NULL, and unchanged, which is passed on.
 */
public final class PlannedColumn {

    private final String name;
    private final String type;
    private final int source;
    private final boolean changesType;
    private final Set<Integer> reads;
    /** The same, for each row. */
    private final int[] places;

    private final boolean alwaysNew;
    private final boolean repeatable;
    private final boolean hashed;
    private final String mask;
    private final ColumnValue value;

    private PlannedColumn(
            String name,
            String type,
            boolean changesType,
            int source,
            Set<Integer> reads,
            boolean alwaysNew,
            boolean repeatable,
            boolean hashed,
            String mask,
            ColumnValue value) {
        this.name = name;
        this.type = type;
        this.changesType = changesType;
        this.source = source;
        this.reads = Set.copyOf(reads);
        this.places = reads.stream().mapToInt(Integer::intValue).toArray();
        this.alwaysNew = alwaysNew;
        this.repeatable = repeatable;
        this.hashed = hashed;
        this.mask = mask;
        this.value = value;
    }

    /** A column of the source; the mask is null for one that is kept as it is. */
    static PlannedColumn kept(String name, String type, boolean changesType, int source, ColumnMask mask) {
        boolean repeatable = mask == null ? !changesType : mask.isRepeatable();
        ColumnValue value = mask == null ? null : row -> mask.apply(row.value(source));
        boolean hashed = mask instanceof ColumnMask.Hash || mask instanceof ColumnMask.SaltedHash;
        return new PlannedColumn(
                name, type, changesType, source, Set.of(source), false, repeatable, hashed, describe(mask), value);
    }

    /**
     * A computed column.
     *
     * @param reads places of the columns whose values it needs
     * @param alwaysNew whether it is also made of other things than these, such as the position
     */
    static PlannedColumn computed(String name, String type, Set<Integer> reads, boolean alwaysNew, ColumnValue value) {
        return new PlannedColumn(
                name, type, true, -1, reads, alwaysNew, !alwaysNew, false, "", Objects.requireNonNull(value));
    }

    private static String describe(ColumnMask mask) {
        if (mask == null) {
            return "";
        }
        return mask instanceof ColumnMask.DigitsMask digits
                ? "DigitsMask " + digits.replacement()
                : mask.getClass().getSimpleName();
    }

    /** The kind of its mask, without a key; empty when it has none. */
    public String mask() {
        return mask;
    }

    /** Its name in the target. */
    public String name() {
        return name;
    }

    /** Its type in the target, in PostgreSQL's words. */
    public String type() {
        return type;
    }

    /** Whether its type is not that of the source's column: it is computed, masked or changed. */
    public boolean changesType() {
        return changesType;
    }

    /** The place of the source's column in a row, from 0; -1 for a computed column. */
    public int source() {
        return source;
    }

    /** Whether the value is the source's own text. Then its bytes may be copied as they are. */
    public boolean isCopied() {
        return value == null;
    }

    /** Whether the value is a hash of the source's, with or without a key. */
    public boolean isHashed() {
        return hashed;
    }

    /** Whether the same row always gives the same text, and the target has it as it is. */
    public boolean isRepeatable() {
        return repeatable;
    }

    /** The places of the source's columns that are needed for its value. */
    public Set<Integer> reads() {
        return reads;
    }

    /** Whether the value in the target stays as it is, since the log did not send what it is made of. */
    public boolean isUnchanged(SourceRow row) {
        return !alwaysNew && places.length > 0 && unchanged(row) == places.length;
    }

    /**
     * Whether the value cannot be computed from the row alone: the log sent a part of what it is made of. The row has
     * to be read again at the source, by its key.
     */
    public boolean isIncomplete(SourceRow row) {
        return unchanged(row) > 0 && !isUnchanged(row);
    }

    /**
     * The value as PostgreSQL's text; null: NULL.
     *
     * @throws IllegalStateException when it is unchanged or incomplete
     */
    public String value(SourceRow row) {
        if (unchanged(row) > 0) {
            throw new IllegalStateException("the log did not send what the column " + name + " is made of");
        }
        return value == null ? row.value(source) : value.of(row);
    }

    private int unchanged(SourceRow row) {
        int count = 0;
        for (int place : places) {
            count += row.isUnchanged(place) ? 1 : 0;
        }
        return count;
    }

    @Override
    public String toString() {
        return name + " " + type + (source < 0 ? " (computed)" : isCopied() ? "" : " (masked)");
    }
}
