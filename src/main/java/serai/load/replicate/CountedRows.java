package serai.load.replicate;

import java.util.ArrayList;
import java.util.List;
import serai.load.CopyBuffer;
import serai.load.replicate.pgoutput.RowImage;

/** Rows of a table without a key that came and went, in the order of the log. */
final class CountedRows {

    private final ReplicatedTable table;
    private final RowArena arena = new RowArena();
    private final List<Entry> entries = new ArrayList<>();

    /**
     * A row.
     *
     * @param count 1 when it came, -1 when it went
     * @param lsn of the commit
     * @param at where its values begin
     */
    private record Entry(int count, String lsn, long sequence, int at) {}

    CountedRows(ReplicatedTable table) {
        this.table = table;
    }

    ReplicatedTable table() {
        return table;
    }

    int size() {
        return entries.size();
    }

    /** @param row whole, in the target's columns */
    void add(int count, String lsn, long sequence, RowImage row) {
        entries.add(new Entry(count, lsn, sequence, arena.used()));
        for (int column = 0; column < row.size(); column++) {
            arena.append(row, column);
        }
    }

    /** Reads the values of a row. */
    void read(int number, RowImage out) {
        out.start(arena.bytes());
        int at = entries.get(number).at();
        for (int column = 0; column < table.plan().columns().size(); column++) {
            arena.read(at, out);
            at = arena.next(at);
        }
    }

    String lsn(int number) {
        return entries.get(number).lsn();
    }

    long sequence(int number) {
        return entries.get(number).sequence();
    }

    /** Adds the count and the commit of a row to a line of COPY. */
    void writePlace(int number, CopyBuffer out) {
        out.writeAscii(Integer.toString(entries.get(number).count()));
        out.writeSeparator();
        out.writeAscii(lsn(number));
        out.writeSeparator();
    }
}
