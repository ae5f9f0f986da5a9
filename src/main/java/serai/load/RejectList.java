package serai.load;

import java.util.ArrayList;
import java.util.List;
import serai.warehouse.Reject;
import serai.warehouse.Transaction;

/** The records of a report that cannot be loaded: so many that a wrong report cannot fill the memory. */
final class RejectList {

    static final int MAX_RECORDS = 100_000;
    private static final long MAX_BYTES = 32 << 20;

    private final List<Reject> rejects = new ArrayList<>();
    private long bytes;

    /** @throws ReportHeldException when there are too many */
    void add(Reject reject) throws ReportHeldException {
        bytes += reject.payload().length;
        if (rejects.size() == MAX_RECORDS || bytes > MAX_BYTES) {
            throw new ReportHeldException("More than " + rejects.size()
                    + " records cannot be loaded; the first of them are in meta.rejects.");
        }
        rejects.add(reject);
    }

    /** Forgets all but the first ones. */
    void keepFirst(int count) {
        rejects.subList(count, rejects.size()).clear();
        bytes = rejects.stream().mapToLong(reject -> reject.payload().length).sum();
    }

    /** The first ones. */
    List<Reject> first(int count) {
        return List.copyOf(rejects.subList(0, count));
    }

    int size() {
        return rejects.size();
    }

    /** Writes them with the transaction, however its run ends. */
    void writeTo(Transaction tx) {
        rejects.forEach(tx::reject);
    }
}
