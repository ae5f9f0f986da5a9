package serai.watch.search;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Queries in the order in which they came, separated by their level of isolation. Not thread-safe. */
final class PendingQueries {

    private static final int MAX_BATCH_CHARACTERS = 4_000_000;

    private final List<Deque<PendingQuery>> levels = new ArrayList<>();
    private int size;

    PendingQueries() {
        for (int i = 0; i < BatchIsolation.BATCH_SIZES.length; i++) {
            levels.add(new ArrayDeque<>());
        }
    }

    int size() {
        return size;
    }

    void add(PendingQuery query) {
        levels.get(query.isolation).addLast(query);
        size++;
    }

    /** How long the oldest query has waited, in nanoseconds; {@link Long#MAX_VALUE} when its batch is full. */
    long waited() {
        Deque<PendingQuery> level = oldest();
        return level.size() >= batchSize(level) ? Long.MAX_VALUE : System.nanoTime() - level.peekFirst().askedAt;
    }

    private static int batchSize(Deque<PendingQuery> level) {
        return BatchIsolation.BATCH_SIZES[level.peekFirst().isolation];
    }

    private Deque<PendingQuery> oldest() {
        Deque<PendingQuery> oldest = null;
        for (Deque<PendingQuery> level : levels) {
            if (!level.isEmpty() && (oldest == null || level.peekFirst().askedAt < oldest.peekFirst().askedAt)) {
                oldest = level;
            }
        }
        return oldest;
    }

    /** Removes the oldest query and those that may be in one request with it. */
    List<PendingQuery> takeBatch() {
        Deque<PendingQuery> level = oldest();
        int batchSize = batchSize(level);
        List<PendingQuery> batch = new ArrayList<>();
        int characters = 0;
        while (!level.isEmpty()
                && batch.size() < batchSize
                && (batch.isEmpty() || characters + level.peekFirst().text.length() <= MAX_BATCH_CHARACTERS)) {
            characters += level.peekFirst().text.length();
            batch.add(level.pollFirst());
            size--;
        }
        return batch;
    }

    /** Removes all queries. */
    List<PendingQuery> takeAll() {
        List<PendingQuery> all = new ArrayList<>();
        for (Deque<PendingQuery> level : levels) {
            all.addAll(level);
            level.clear();
        }
        size = 0;
        return all;
    }
}
