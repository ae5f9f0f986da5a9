package serai.load;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.postgresql.util.PSQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import serai.spool.TemporaryFile;
import serai.warehouse.Relation;
import serai.warehouse.RunOutcome;
import serai.warehouse.Sql;
import serai.warehouse.Transaction;

/**
 * Loads a report in three steps. It is read into a temporary file, while no connection is held, however long the source
 * takes. It is compared with what stands in the table. Then one short transaction writes the days that differ, with the
 * run's row in {@code meta.runs}, the dirty days and the position; readers see the old rows until then.
 */
final class WindowImport {

    private static final Logger LOG = LoggerFactory.getLogger(WindowImport.class);
    private static final String TARGET =
            "update meta.sources set target = ? where source = ? and target is distinct from ?";

    private static final String REFERENCE = """
            select conrelid::regclass::text as referring from pg_constraint
            where confrelid = to_regclass(?) and contype = 'f' and conrelid <> confrelid limit 1""";

    private static final String LOCK_NOT_AVAILABLE = "55P03";
    private static final String HOLDERS = """
            select distinct a.pid, a.usename, a.application_name, a.xact_start
            from pg_locks l join pg_stat_activity a on a.pid = l.pid
            where l.relation = to_regclass(?) and l.granted and l.mode <> 'AccessShareLock'
              and a.pid <> pg_backend_pid() order by a.xact_start limit 5""";

    private final ImportRun run;
    private final ReplacePlan plan;

    WindowImport(ImportRun run, ReplacePlan plan) {
        this.run = run;
        this.plan = plan;
    }

    /** @return held when the report cannot be trusted; the old rows then stay */
    RunOutcome load(Report report) throws Exception {
        ReportReader reader = null;
        try (RowSpool spool = new RowSpool(run.limits().spool())) {
            ReportTable table = run.writer().read(this::table);
            reader = new ReportReader(report, run, table, plan);
            long begun = System.nanoTime();
            SpooledReport spooled = reader.read(spool);
            LOG.debug(
                    "source={} The report was read in {} ms.",
                    run.sourceName(),
                    (System.nanoTime() - begun) / 1_000_000);
            return load(spooled);
        } catch (ReportHeldException e) {
            return held(e, reader);
        }
    }

    /**
     * Loads a reply that was held before and that an operator accepts.
     *
     * @param rows the file with its rows
     */
    RunOutcome load(HeldReply reply, TemporaryFile rows) throws Exception {
        try {
            ReportTable table = run.writer().read(this::table);
            return load(reply.report(run, table, rows));
        } catch (ReportHeldException e) {
            return held(e, null);
        }
    }

    /** Judges a report that was read, and writes it. */
    private RunOutcome load(SpooledReport report) throws Exception {
        int rejects = report.rejects().size();
        long begun = System.nanoTime();
        RunOutcome outcome;
        try {
            ChangedDays days = run.writer().read(sql -> judge(sql, report));
            long judged = System.nanoTime();
            log(days);
            outcome = write(report, days);
            LOG.debug(
                    "source={} The report was compared in {} ms and written in {} ms.",
                    run.sourceName(),
                    (judged - begun) / 1_000_000,
                    (System.nanoTime() - judged) / 1_000_000);
        } catch (ReportHeldException e) {
            outcome = run.writer().commitWithState(tx -> held(tx, e, report, rejects));
        }
        run.writer().read(sql -> {
            run.limits().held().settle(sql, run.sourceName());
            return null;
        });
        return outcome;
    }

    /** Who holds locks on the table. Not what they run: statements may have data in them. */
    private String waited(Sql sql) throws SQLException {
        List<String> holders = sql.list(
                HOLDERS,
                row -> "session " + row.number("pid") + " (" + row.text("usename") + ", " + row.text("application_name")
                        + ") since " + row.instant("xact_start"),
                plan.relation().sql());
        return "The import waited " + run.limits().lockTimeout().toSeconds() + " s for a lock on " + plan.relation()
                + " (load.lock-timeout). "
                + (holders.isEmpty() ? "It is free now." : "It is locked by " + String.join(", ", holders) + ".");
    }

    private ReportTable table(Sql sql) throws SQLException, ReportHeldException {
        ReportTable table = ReportTable.read(sql, plan.relation(), plan.window(), plan.emptyText(), run.zone());
        table.requireColumns("key", plan.key());
        table.requireScope(plan.scope());
        requireAllRowsVisible(sql);
        requireNoReferences(sql);
        return table;
    }

    private void requireAllRowsVisible(Sql sql) throws SQLException, ReportHeldException {
        Optional<String> hidden = hiddenRows(sql, plan.relation());
        if (hidden.isPresent()) {
            throw new ReportHeldException(hidden.get());
        }
    }

    /**
     * Why not all rows of a table are seen, if so. Rows that are hidden could be neither compared nor replaced: each
     * load would add them again.
     */
    static Optional<String> hiddenRows(Sql sql, Relation relation) throws SQLException {
        return sql.first(
                        "select row_security_active(to_regclass(?)) as active",
                        row -> row.flag("active"),
                        relation.sql())
                .filter(active -> active)
                .map(active -> "Row-level security hides rows of " + relation + " from the role of warehouse.user."
                        + " Give it the attribute BYPASSRLS, make it the table's owner, or disable row-level security"
                        + " of the table.");
    }

    /** Without a key, an unchanged row would be deleted and inserted with its day, and what refers to it is lost. */
    private void requireNoReferences(Sql sql) throws SQLException, ReportHeldException {
        if (!plan.key().isEmpty()) {
            return;
        }
        String referring = sql.first(
                        REFERENCE, row -> row.text("referring"), plan.relation().sql())
                .orElse(null);
        if (referring != null) {
            throw new ReportHeldException("A foreign key of " + referring + " refers to rows of " + plan.relation()
                    + ", which would be deleted and inserted again. Set 'key', so that rows are changed in place.");
        }
    }

    private ChangedDays judge(Sql sql, SpooledReport report) throws SQLException, ReportHeldException {
        plan.guard().check(sql, run, plan.scope(), report);
        return ChangedDays.find(sql, run, plan, report);
    }

    private void log(ChangedDays days) {
        if (!days.edited().isEmpty()) {
            LOG.warn(
                    "source={} table={} Rows of {} are not what the last import left: someone has changed them. {}",
                    run.sourceName(),
                    plan.relation(),
                    days.edited(),
                    plan.restoreEdits() ? "They are restored." : "They stay (restoreEdits: false).");
        }
        if (days.missing() != null) {
            LOG.warn(
                    "source={} table={} Rows from {} on, before {}, are missing: reload {} --from {} --to {}",
                    run.sourceName(),
                    plan.relation(),
                    days.missing().first(),
                    days.missing().end(),
                    run.sourceName(),
                    days.missing().first(),
                    days.missing().end().minusDays(1));
        }
    }

    private RunOutcome write(SpooledReport report, ChangedDays days) throws Exception {
        int rejects = report.rejects().size();
        return run.writer().commitWithState(tx -> {
            try {
                tx.sql()
                        .update(
                                TARGET,
                                plan.relation().toString(),
                                run.sourceName(),
                                plan.relation().toString());
                return new WindowWrite(tx, run, plan, report).run(days);
            } catch (ReportHeldException e) {
                return held(tx, e, report, rejects);
            } catch (SQLException e) {
                if (LOCK_NOT_AVAILABLE.equals(e.getSQLState())) {
                    tx.connection().rollback();
                    throw new SQLException(waited(tx.sql()), e);
                }
                throw e instanceof PSQLException refusal ? RefusedRows.withoutValues(refusal) : e;
            }
        });
    }

    /** @param rejects how many records did not fit when they were read */
    private RunOutcome held(Transaction tx, ReportHeldException reason, SpooledReport report, int rejects) {
        report.rejects().writeTo(tx);
        HeldReplies held = run.limits().held();
        boolean kept = !plan.guard().force()
                && held.keep(
                        tx,
                        HeldReply.of(run, plan, report, rejects),
                        report.rows().file(),
                        reason.getMessage());
        return RunOutcome.held(
                        reason.getMessage() + (kept ? " To load this reply as it is: accept " + run.sourceName() : ""))
                .read(report.read())
                .rejected(report.rejects().size());
    }

    private RunOutcome held(ReportHeldException reason, ReportReader reader) throws Exception {
        return run.writer().commitWithState(tx -> {
            RunOutcome outcome = RunOutcome.held(reason.getMessage());
            if (reader == null) {
                return outcome;
            }
            reader.rejects().writeTo(tx);
            return outcome.read(reader.recordsRead()).rejected(reader.rejects().size());
        });
    }
}
