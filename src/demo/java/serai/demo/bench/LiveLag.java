package serai.demo.bench;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;

/**
 * The time from the moment at which a commit at the source has returned to the one at which another session sees its
 * rows in the target. Each of some senders commits at an even rate: a number in its own row, and a change of another
 * row. Who reads the target asks each 2 ms, so that times are up to some milliseconds too long.
 */
final class LiveLag {

    private static final int SENDERS = 8;

    private final DataSource source;
    private final Follower follower;
    private final int seconds;
    private final int perSecond;
    private final int rows;
    /** When each transaction of a sender was committed; written by the sender before the number below. */
    private final long[][] committed;

    private final int[] sent = new int[SENDERS];

    /** @param rows of the table {@code facts} at the source */
    LiveLag(DataSource source, Follower follower, int perSecond, int seconds, int rows) {
        this.source = source;
        this.follower = follower;
        this.perSecond = perSecond;
        this.seconds = seconds;
        this.rows = rows;
        this.committed = new long[SENDERS][perSecond / SENDERS * seconds];
    }

    /**
     * Runs it.
     *
     * @return the lags in milliseconds, in order
     */
    double[] measure() throws Exception {
        follower.source()
                .execute("truncate senders; insert into senders select i, -1 from generate_series(0, " + (SENDERS - 1)
                        + ") i");
        follower.await("its senders", () -> numbers().size() == SENDERS);
        ExecutorService threads = Executors.newFixedThreadPool(SENDERS);
        try {
            List<Future<Void>> running = new ArrayList<>();
            for (int i = 0; i < SENDERS; i++) {
                int sender = i;
                running.add(threads.submit((Callable<Void>) () -> send(sender)));
            }
            double[] lags = read(running);
            for (Future<Void> one : running) {
                one.get();
            }
            return lags;
        } finally {
            threads.shutdownNow();
        }
    }

    private Void send(int sender) throws Exception {
        try (Connection c = source.getConnection();
                PreparedStatement number = c.prepareStatement("update senders set n = ? where id = ?");
                PreparedStatement other = c.prepareStatement("update facts set amount = amount + 1 where id = ?")) {
            c.setAutoCommit(false);
            long begun = System.nanoTime();
            for (int n = 0; n < committed[sender].length; n++) {
                long due = begun + (n * 1_000_000_000L * SENDERS + sender * 1_000_000_000L) / perSecond;
                TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
                number.setLong(1, n);
                number.setInt(2, sender);
                number.executeUpdate();
                // no two senders change the same row
                other.setLong(1, 1 + (n * 7919L * SENDERS + sender) % rows);
                other.executeUpdate();
                c.commit();
                committed(sender, n);
            }
            c.setAutoCommit(true);
            return null;
        }
    }

    private synchronized void committed(int sender, int n) {
        committed[sender][n] = System.nanoTime();
        sent[sender] = n + 1;
    }

    private record Number(int sender, int n) {}

    private List<Number> numbers() throws Exception {
        return follower.target()
                .list(
                        "select id, n from " + follower.table("senders") + " where n >= -1",
                        row -> new Number((int) row.number("id"), (int) row.number("n")));
    }

    private double[] read(List<Future<Void>> senders) throws Exception {
        int[] seen = new int[SENDERS];
        double[] lags = new double[SENDERS * committed[0].length];
        int count = 0;
        while (count < lags.length) {
            for (Future<Void> sender : senders) {
                if (sender.isDone()) {
                    // throws what it ended by
                    sender.get();
                }
            }
            follower.requireAlive();
            List<Number> numbers = numbers();
            long now = System.nanoTime();
            for (Number number : numbers) {
                for (int n = seen[number.sender()]; n <= number.n(); n++) {
                    lags[count++] = Math.max(0, now - committedAt(number.sender(), n, now)) / 1e6;
                }
                seen[number.sender()] = Math.max(seen[number.sender()], number.n() + 1);
            }
            TimeUnit.MILLISECONDS.sleep(2);
        }
        Arrays.sort(lags);
        return lags;
    }

    /** It may be seen before its sender knows of the commit. */
    private synchronized long committedAt(int sender, int n, long now) {
        return n < sent[sender] ? committed[sender][n] : now;
    }
}
