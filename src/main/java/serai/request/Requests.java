package serai.request;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import serai.command.NegativeAnswerException;
import serai.settings.Secrets;
import serai.warehouse.Instance;
import serai.warehouse.Sql;
import serai.warehouse.Warehouse;

/** The table {@code meta.requests}. */
public final class Requests {

    /** A running process looks each second; it may be busy, or taking over from another one. */
    private static final Duration UNTIL_TAKEN = Duration.ofSeconds(20);

    private static final long POLL_MILLIS = 200;

    private final Warehouse warehouse;

    /** @param warehouse open */
    public Requests(Warehouse warehouse) {
        this.warehouse = warehouse;
    }

    /** A request that waits for a process. */
    record Waiting(long id, String verb, String target) {}

    private record Answer(String status, String text) {}

    /**
     * Leaves a request for the running processes and waits for its answer.
     *
     * @param timeout how long to wait for the end of what was begun
     * @return the answer, a sentence; empty when no process runs, so that the command has to do it itself
     * @throws IllegalStateException when it was refused, or no process took it
     * @throws NegativeAnswerException when it takes longer
     */
    public Optional<String> ask(String verb, String target, Duration timeout)
            throws SQLException, NegativeAnswerException, InterruptedException {
        if (running().isEmpty()) {
            return Optional.empty();
        }
        long id = insert(verb, target);
        long begun = System.nanoTime();
        while (true) {
            Answer answer = answer(id);
            switch (answer.status()) {
                case "done" -> {
                    return Optional.of(answer.text());
                }
                case "refused" -> throw new IllegalStateException(answer.text());
                case "waiting" -> {
                    if (running().isEmpty() && withdraw(id)) {
                        return Optional.empty();
                    }
                    if (passed(begun, UNTIL_TAKEN) && withdraw(id)) {
                        throw new IllegalStateException("No running process took the request within "
                                + UNTIL_TAKEN.toSeconds() + " s. Does one of them have " + target
                                + " among its routes and models?");
                    }
                }
                default -> {
                    if (passed(begun, timeout)) {
                        throw new NegativeAnswerException(
                                "It was begun and has not ended within " + timeout.toSeconds() + " s; it continues.");
                    }
                }
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
    }

    private Optional<String> running() throws SQLException {
        try (Connection c = warehouse.dataSource().getConnection()) {
            return Instance.running(Sql.on(c));
        }
    }

    private static boolean passed(long begun, Duration time) {
        return System.nanoTime() - begun > time.toNanos();
    }

    private long insert(String verb, String target) throws SQLException {
        try (Connection c = warehouse.dataSource().getConnection()) {
            return Sql.on(c)
                    .first(
                            "insert into meta.requests (verb, target, requested_by) values (?, ?, ?)"
                                    + " returning request_id",
                            row -> row.number("request_id"),
                            verb,
                            target,
                            System.getProperty("user.name"))
                    .orElseThrow();
        }
    }

    private Answer answer(long id) throws SQLException {
        try (Connection c = warehouse.dataSource().getConnection()) {
            return Sql.on(c)
                    .first(
                            "select status, answer from meta.requests where request_id = ?",
                            row -> new Answer(row.text("status"), row.text("answer")),
                            id)
                    .orElseGet(() -> new Answer("refused", "The request was deleted."));
        }
    }

    /** Whether no process had taken it. */
    private boolean withdraw(long id) throws SQLException {
        return change(id, "waiting", "withdrawn", null);
    }

    /** The requests that wait, the oldest first. */
    List<Waiting> waiting() throws SQLException {
        try (Connection c = warehouse.dataSource().getConnection()) {
            return Sql.on(c)
                    .list(
                            "select request_id, verb, target from meta.requests where status = 'waiting'"
                                    + " order by request_id limit 100",
                            row -> new Waiting(row.number("request_id"), row.text("verb"), row.text("target")));
        }
    }

    /** Whether this process has it now, and no other one. */
    boolean take(Waiting request) throws SQLException {
        return change(request.id(), "waiting", "running", null);
    }

    void answer(Waiting request, boolean done, String text) throws SQLException {
        change(request.id(), "running", done ? "done" : "refused", Secrets.mask(text));
    }

    /** Deletes answered and abandoned requests that are older than a week. */
    void deleteOld() throws SQLException {
        try (Connection c = warehouse.dataSource().getConnection()) {
            Sql.on(c).update("delete from meta.requests where requested_at < clock_timestamp() - interval '7 days'");
        }
    }

    private boolean change(long id, String from, String to, String answer) throws SQLException {
        try (Connection c = warehouse.dataSource().getConnection()) {
            return Sql.on(c)
                            .update(
                                    "update meta.requests set status = ?, answer = ?, answered_at = clock_timestamp()"
                                            + " where request_id = ? and status = ?",
                                    to,
                                    answer,
                                    id,
                                    from)
                    == 1;
        }
    }
}
