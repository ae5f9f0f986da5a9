package serai.watch.search;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Questions in the order in which they came, apart by the company that they may be asked in. Not thread-safe. */
final class PendingQueries {

    private static final int MOST_CHARACTERS = 4_000_000;

    private final List<Deque<PendingQuery>> lines = new ArrayList<>();
    private int size;

    PendingQueries() {
        for (int i = 0; i < RequestQueue.TOGETHER.length; i++) {
            lines.add(new ArrayDeque<>());
        }
    }

    int size() {
        return size;
    }

    void add(PendingQuery question) {
        lines.get(question.company).addLast(question);
        size++;
    }

    /** For how long the oldest question waits, in nanoseconds; longer than any time when enough wait to be asked. */
    long waited() {
        Deque<PendingQuery> line = oldest();
        return line.size() >= together(line) ? Long.MAX_VALUE : System.nanoTime() - line.peekFirst().askedAt;
    }

    private static int together(Deque<PendingQuery> line) {
        return RequestQueue.TOGETHER[line.peekFirst().company];
    }

    private Deque<PendingQuery> oldest() {
        Deque<PendingQuery> oldest = null;
        for (Deque<PendingQuery> line : lines) {
            if (!line.isEmpty() && (oldest == null || line.peekFirst().askedAt < oldest.peekFirst().askedAt)) {
                oldest = line;
            }
        }
        return oldest;
    }

    /** The oldest question, and those that may be asked with it. */
    List<PendingQuery> take() {
        Deque<PendingQuery> line = oldest();
        int most = together(line);
        List<PendingQuery> batch = new ArrayList<>();
        int characters = 0;
        while (!line.isEmpty()
                && batch.size() < most
                && (batch.isEmpty() || characters + line.peekFirst().lines.length() <= MOST_CHARACTERS)) {
            characters += line.peekFirst().lines.length();
            batch.add(line.pollFirst());
            size--;
        }
        return batch;
    }

    List<PendingQuery> takeAll() {
        List<PendingQuery> all = new ArrayList<>();
        for (Deque<PendingQuery> line : lines) {
            all.addAll(line);
            line.clear();
        }
        size = 0;
        return all;
    }
}
