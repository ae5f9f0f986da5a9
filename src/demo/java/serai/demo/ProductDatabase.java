package serai.demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import serai.demo.ProductEvents.User;
import serai.warehouse.Sql;

/**
 * The database of the made-up product: users, teams, meetings, notes with long texts, files, invitations,
 * subscriptions, payments and e-mails, and tables that are nobody else's business. Its users are those of the product's
 * reports. The same product, seed and times give the same rows and the same changes. It knows the right answers to
 * questions about them from what happened, without asking the database.
 */
public final class ProductDatabase implements AutoCloseable {

    private final Connection connection;
    private final ProductAnswers answers = new ProductAnswers();
    private final ProductFacts facts;
    private final ProductLife life;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "product-database");
        thread.setDaemon(true);
        return thread;
    });

    private ProductDatabase(Connection connection, List<User> users, long seed, int facts, boolean kept)
            throws SQLException {
        this.connection = connection;
        this.facts = new ProductFacts(kept);
        this.life = new ProductLife(
                users,
                new ProductTables(new SplittableRandom(seed), new ProductRows(connection), answers, this.facts),
                facts);
    }

    /**
     * Creates the tables in an empty database, with all that happened until now.
     *
     * @param connection is closed with it
     * @param kept whether its {@link #star} is asked for
     */
    static ProductDatabase create(
            Connection connection, List<User> users, long seed, Instant from, Instant now, int facts, boolean kept)
            throws SQLException {
        try (InputStream tables = ProductDatabase.class.getResourceAsStream("product.sql")) {
            Sql.on(connection).execute(new String(tables.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        // looking up what millions of rows refer to takes longer than writing them
        Sql.on(connection).execute("set session_replication_role = replica");
        ProductDatabase database = new ProductDatabase(connection, users, seed, facts, kept);
        database.life.begin(from, now);
        Sql.on(connection).execute("set session_replication_role = origin");
        connection.commit();
        return database;
    }

    /** Answers that hold after the last step. */
    public ProductAnswers answers() {
        return answers;
    }

    /**
     * The right answers of the reports, of what has happened until now.
     *
     * @throws IllegalStateException when it was not published with its star
     */
    public synchronized ProductStar star(Instant now) {
        if (!facts.isKept()) {
            throw new IllegalStateException("Publish it with its star.");
        }
        return new ProductStar(facts, now);
    }

    /**
     * What happens next, as transactions that are committed or rolled back.
     *
     * @param at not before earlier ones
     */
    public synchronized void step(Instant at) throws SQLException {
        life.step(at);
    }

    /** Lets things happen until it is closed, one after each pause. */
    public void live(Duration pause) {
        timer.scheduleWithFixedDelay(this::live, 0, pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void live() {
        try {
            step(Instant.now());
        } catch (SQLException e) {
            // what became of the transaction is not known, and so the answers are not
            System.out.println("Nothing happens in the product any more: " + e.getMessage());
            timer.shutdown();
        }
    }

    @Override
    public void close() throws SQLException {
        timer.shutdownNow();
        synchronized (this) {
            connection.close();
        }
    }
}
