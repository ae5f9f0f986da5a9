package serai.load;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URLEncoder;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import serai.spool.KeptFiles;
import serai.spool.TemporaryFile;
import serai.spool.TemporaryFolder;
import serai.warehouse.Row;
import serai.warehouse.Sql;
import serai.warehouse.TimeWindow;
import serai.warehouse.Transaction;

/**
 * Replies that were held and that an operator may accept: the newest of each source. A row of {@code meta.held} names
 * it, and the instance that has it as two files: {@code RUN-SOURCE.rows} and {@code RUN-SOURCE.json}, a
 * {@link HeldReply}.
 */
final class HeldReplies {

    private static final Logger LOG = LoggerFactory.getLogger(HeldReplies.class);

    /** A file without a row may be of a run that is about to commit its row. */
    private static final Duration YOUNG = Duration.ofHours(1);

    private static final String RECORD = """
            insert into meta.held as h (source, run_id, instance, window_from, window_to, reason)
            values (?, ?, ?, ?, ?, ?)
            on conflict (source) do update set run_id = excluded.run_id, instance = excluded.instance,
              window_from = excluded.window_from, window_to = excluded.window_to, reason = excluded.reason,
              kept_at = excluded.kept_at
            where h.accepted_by is null""";

    private static final String EXPIRE = """
            delete from meta.held where kept_at < clock_timestamp() - ?::bigint * interval '1 second'
              and accepted_by is null returning source""";

    private final KeptFiles files;
    private final TemporaryFolder temporary;
    private final Supplier<String> instance;
    private final Duration keep;

    /**
     * @param temporary where files are written before they are kept
     * @param instance the id of this instance, which the first question for it may create
     * @param keep how long a reply is kept
     */
    HeldReplies(KeptFiles files, TemporaryFolder temporary, Supplier<String> instance, Duration keep) {
        this.files = files;
        this.temporary = temporary;
        this.instance = instance;
        this.keep = keep;
    }

    /**
     * A row of {@code meta.held}.
     *
     * @param runId the run that was held
     * @param reason why
     * @param acceptedBy who has accepted it, or null
     */
    record Held(String source, long runId, String instance, String reason, Instant keptAt, String acceptedBy) {

        static Held of(Row row) throws SQLException {
            return new Held(
                    row.text("source"),
                    row.number("run_id"),
                    row.text("instance"),
                    row.text("reason"),
                    row.instant("kept_at"),
                    row.text("accepted_by"));
        }
    }

    /** The reply of a source that was held last, wherever its files are. */
    static Optional<Held> find(Sql sql, String source) throws SQLException {
        return sql.first("select * from meta.held where source = ?", Held::of, source);
    }

    /** Writes that someone accepts a reply; false when a newer one has taken its place. */
    static boolean accept(Sql sql, Held held, String by) throws SQLException {
        return sql.update(
                        "update meta.held set accepted_by = ? where source = ? and run_id = ?",
                        by,
                        held.source(),
                        held.runId())
                > 0;
    }

    /** Takes an acceptance back that could not be obeyed. */
    static void withdraw(Sql sql, String source) throws SQLException {
        sql.update("update meta.held set accepted_by = null where source = ?", source);
    }

    /** Forgets a reply that is older than what is loaded of the same days, in the transaction that loads it. */
    static void forgetOverlapping(Sql sql, String source, TimeWindow window) throws SQLException {
        sql.update(
                "delete from meta.held where source = ? and window_from < ? and window_to > ?",
                source,
                window.to(),
                window.from());
    }

    /**
     * Keeps a reply that is held by a transaction, unless one that is accepted already waits to be loaded.
     *
     * @return whether it could be kept
     */
    boolean keep(Transaction tx, HeldReply reply, TemporaryFile rows, String reason) {
        String source = reply.source().name();
        try (TemporaryFile json = temporary.create()) {
            try (OutputStream out = new BufferedOutputStream(json.output())) {
                reply.write(out);
            }
            files.keep(json, name(tx.runId(), source, "json"));
            files.keep(rows, name(tx.runId(), source, "rows"));
        } catch (IOException e) {
            LOG.warn("source={} The reply that is held cannot be kept: {}", source, e.getMessage());
            return false;
        }
        tx.whenHeld(sql -> sql.update(
                RECORD,
                source,
                tx.runId(),
                instance.get(),
                reply.window().from(),
                reply.window().to(),
                Sql.storable(reason)));
        return true;
    }

    /** What a row names; empty when the files are gone. */
    Optional<HeldReply> read(Held held) throws IOException {
        Optional<TemporaryFile> json = files.find(name(held.runId(), held.source(), "json"));
        if (json.isEmpty()) {
            return Optional.empty();
        }
        try (InputStream in = Channels.newInputStream(json.get().open())) {
            return Optional.of(HeldReply.read(in));
        }
    }

    /** The file with the rows of a reply. */
    Optional<TemporaryFile> rows(Held held) throws IOException {
        return files.find(name(held.runId(), held.source(), "rows"));
    }

    /** The id of this instance. */
    String instance() {
        return instance.get();
    }

    /** Whether this instance has the files. */
    boolean isHere(Held held) {
        return held.instance().equals(instance.get());
    }

    /** Deletes the files of a source but for those that its row names; call it after a transaction. */
    void settle(Sql sql, String source) throws SQLException {
        try {
            String present = find(sql, source)
                    .filter(this::isHere)
                    .map(held -> stem(held.runId(), source))
                    .orElse(null);
            for (String name : files.names()) {
                String stem = name.substring(0, name.lastIndexOf('.'));
                if (stem.substring(stem.indexOf('-')).equals(suffix(source)) && !stem.equals(present)) {
                    files.delete(name);
                }
            }
        } catch (IOException e) {
            LOG.warn("source={} Files of older replies cannot be deleted: {}", source, e.getMessage());
        }
    }

    /** Forgets what is kept for too long, and deletes files that no row names. */
    void sweep(Sql sql) throws SQLException, IOException {
        for (String source : sql.list(EXPIRE, row -> row.text("source"), keep.toSeconds())) {
            settle(sql, source);
        }
        Set<String> named = new HashSet<>(sql.list(
                "select source, run_id from meta.held where instance = ?",
                row -> stem(row.number("run_id"), row.text("source")),
                instance.get()));
        long young = System.currentTimeMillis() - YOUNG.toMillis();
        for (String name : files.names()) {
            if (!named.contains(name.substring(0, name.lastIndexOf('.'))) && files.writtenAt(name) < young) {
                files.delete(name);
            }
        }
    }

    private static String name(long run, String source, String kind) {
        return stem(run, source) + "." + kind;
    }

    private static String stem(long run, String source) {
        return run + suffix(source);
    }

    private static String suffix(String source) {
        return "-" + URLEncoder.encode(source, StandardCharsets.UTF_8);
    }
}
