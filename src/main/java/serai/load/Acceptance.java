package serai.load;

import java.io.IOException;
import java.sql.SQLException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import serai.load.HeldReplies.Held;
import serai.request.Pause;
import serai.request.Pauses;
import serai.request.Subject;
import serai.spool.TemporaryFile;
import serai.warehouse.RunOutcome;
import serai.warehouse.Sql;
import serai.warehouse.Warehouse;
import serai.warehouse.Writer;

/** Loads a reply that was held and that an operator has accepted; this instance has its files. */
final class Acceptance {

    private static final Logger LOG = LoggerFactory.getLogger(Acceptance.class);

    private final Warehouse warehouse;
    private final ImportLimits limits;

    Acceptance(Warehouse warehouse, ImportLimits limits) {
        this.warehouse = warehouse;
        this.limits = limits;
    }

    /**
     * Loads it, as soon as no other run of the source is under way. One that cannot be loaded waits for another
     * acceptance.
     *
     * @return the run, which has ended
     * @throws IllegalStateException when there is none any more, or the source is paused
     */
    ImportRun load(String source) throws Exception {
        try (Writer writer = warehouse.writer(source)) {
            boolean loaded = false;
            try {
                ImportRun run = load(source, writer);
                loaded = run.outcome().status() == RunOutcome.Status.OK
                        || run.outcome().status() == RunOutcome.Status.UNCHANGED;
                return run;
            } finally {
                if (!loaded) {
                    writer.read(sql -> {
                        HeldReplies.withdraw(sql, source);
                        return null;
                    });
                }
            }
        }
    }

    private ImportRun load(String source, Writer writer) throws Exception {
        refusePaused(source);
        Held held = writer.read(sql -> required(sql, source));
        if (held.acceptedBy() == null) {
            throw new IllegalStateException("A newer reply of " + source + " is held now: " + held.reason()
                    + " To load that one: accept " + source);
        }
        HeldReply reply = limits.held().read(held).orElseThrow(() -> gone(held));
        TemporaryFile rows = limits.held().rows(held).orElseThrow(() -> gone(held));
        ImportRun run = ImportRun.accept(writer, limits, reply, held);
        RunOutcome outcome = new WindowImport(run, reply.plan().accepted()).load(reply, rows);
        run.end(outcome);
        LOG.warn(
                "source={} status={} read={} inserted={} deleted={} rejected={} {} accepted what was held: {}",
                source,
                outcome.status(),
                outcome.read(),
                outcome.inserted(),
                outcome.deleted(),
                outcome.rejected(),
                held.acceptedBy(),
                held.reason());
        return run;
    }

    /**
     * The reply of a source that is held.
     *
     * @throws IllegalStateException when there is none; the message says what became of the last one
     */
    static Held required(Sql sql, String source) throws SQLException {
        Optional<Held> held = HeldReplies.find(sql, source);
        if (held.isPresent()) {
            return held.get();
        }
        String newest = sql.first(
                        "select status || ' at ' || to_char(finished_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI')"
                                + " as run from meta.runs where source = ? and finished_at is not null"
                                + " order by run_id desc limit 1",
                        row -> row.text("run"),
                        source)
                .map(run -> " Its last run ended as " + run + " UTC.")
                .orElse("");
        throw new IllegalStateException("No reply of " + source + " is held that can be accepted." + newest
                + " A reply is thrown away when a newer one is loaded or held, and after load.keep-held.");
    }

    private void refusePaused(String source) throws SQLException {
        Optional<Pause> pause = Pauses.find(warehouse, new Subject(Subject.Kind.SOURCE, source));
        if (pause.isPresent()) {
            throw new IllegalStateException(pause.get().refusal());
        }
    }

    private static IOException gone(Held held) {
        return new IOException("The file of the reply is gone. Import it again: load now " + held.source());
    }
}
