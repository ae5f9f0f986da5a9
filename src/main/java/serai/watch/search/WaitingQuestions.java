package serai.watch.search;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Questions in the order in which they came, apart by the company that they may be asked in. Not thread-safe. */
final class WaitingQuestions {

    private static final int MOST_CHARACTERS = 4_000_000;

    private final List<Deque<Question>> lines = new ArrayList<>();
    private int size;

    WaitingQuestions() {
        for (int i = 0; i < ServerLine.TOGETHER.length; i++) {
            lines.add(new ArrayDeque<>());
        }
    }

    int size() {
        return size;
    }

    void add(Question question) {
        lines.get(question.company).addLast(question);
        size++;
    }

    /** For how long the oldest question waits, in nanoseconds; longer than any time when enough wait to be asked. */
    long waited() {
        Deque<Question> line = oldest();
        return line.size() >= together(line) ? Long.MAX_VALUE : System.nanoTime() - line.peekFirst().askedAt;
    }

    private static int together(Deque<Question> line) {
        return ServerLine.TOGETHER[line.peekFirst().company];
    }

    private Deque<Question> oldest() {
        Deque<Question> oldest = null;
        for (Deque<Question> line : lines) {
            if (!line.isEmpty() && (oldest == null || line.peekFirst().askedAt < oldest.peekFirst().askedAt)) {
                oldest = line;
            }
        }
        return oldest;
    }

    /** The oldest question, and those that may be asked with it. */
    List<Question> take() {
        Deque<Question> line = oldest();
        int most = together(line);
        List<Question> batch = new ArrayList<>();
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

    List<Question> takeAll() {
        List<Question> all = new ArrayList<>();
        for (Deque<Question> line : lines) {
            all.addAll(line);
            line.clear();
        }
        size = 0;
        return all;
    }
}
