package serai.load;

import java.sql.SQLException;
import java.time.Duration;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.postgresql.util.PSQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import serai.warehouse.RunOutcome;
import serai.warehouse.SqlScript;
import serai.warehouse.SqlSyntaxException;
import serai.warehouse.Transaction;
import serai.warehouse.Writer;

/**
 * The bean of the kamelet {@code run-sql}, one for each use: runs the statements of a file in one transaction, with a
 * row of {@code meta.runs}.
 */
public final class RunSql implements CamelContextAware {

    private static final Logger LOG = LoggerFactory.getLogger(RunSql.class);
    private static final String KIND = "run-sql";
    private static final String CANCELED = "57014";

    private CamelContext context;
    private String step;
    private String file;
    private Duration maxTime = Duration.ofMinutes(5);

    @Override
    public void setCamelContext(CamelContext context) {
        this.context = context;
    }

    @Override
    public CamelContext getCamelContext() {
        return context;
    }

    /** The id of the kamelet's own route, which is the source in {@code meta.runs}. */
    public void setStep(String step) {
        this.step = step;
    }

    /** The file's path, below {@code sql/jobs}. */
    public void setFile(String file) {
        this.file = file;
    }

    /** The longest time for all statements together, and to wait for another run of the step. */
    public void setMaxTime(Duration maxTime) {
        this.maxTime = maxTime;
    }

    /**
     * Runs the file as it is now.
     *
     * @throws SQLException when a statement fails, with the file and the line; nothing of the file then has an effect
     */
    public void run() throws Exception {
        MessageWriters writers = context.getRegistry().findSingleByType(MessageWriters.class);
        StepSqlFiles files = context.getRegistry().findSingleByType(StepSqlFiles.class);
        RunOutcome outcome;
        try (Writer writer = writers.writer(step, maxTime)) {
            writer.begin(KIND, null);
            outcome = writer.commitWithState(tx -> run(tx, files));
        }
        LOG.info(
                "step={} file={} inserted={} updated={} deleted={}",
                step,
                file,
                outcome.inserted(),
                outcome.updated(),
                outcome.deleted());
    }

    private RunOutcome run(Transaction tx, StepSqlFiles files) throws Exception {
        long end = System.nanoTime() + maxTime.toNanos();
        RunOutcome outcome = RunOutcome.ok();
        try {
            for (SqlScript.Statement statement :
                    SqlScript.of(files.read("sql/jobs", file)).statements()) {
                long left = Math.max(1, (end - System.nanoTime()) / 1_000_000);
                tx.sql().execute("set local statement_timeout = " + left);
                outcome = counted(outcome, statement, execute(tx, statement));
            }
        } catch (SqlSyntaxException e) {
            throw new SQLException(at(e.line()) + e.getMessage());
        }
        tx.sql().execute("set local statement_timeout = 0");
        return outcome;
    }

    private long execute(Transaction tx, SqlScript.Statement statement) throws SQLException, SqlSyntaxException {
        try {
            return tx.sql().execute(statement.text());
        } catch (PSQLException e) {
            if (CANCELED.equals(e.getSQLState())) {
                throw new SQLException(
                        at(statement.line()) + "the file took longer than maxTime (" + maxTime.toSeconds() + " s)",
                        e.getSQLState());
            }
            SqlSyntaxException mistake = statement.mistake(e);
            throw mistake == null ? e : new SQLException(at(mistake.line()) + mistake.getMessage(), e.getSQLState());
        }
    }

    private String at(Integer line) {
        return file + (line == null ? "" : ", line " + line) + ": ";
    }

    private static RunOutcome counted(RunOutcome outcome, SqlScript.Statement statement, long rows) {
        return switch (statement.verb()) {
            case "insert" -> outcome.inserted(outcome.inserted() + rows);
            case "update" -> outcome.updated(outcome.updated() + rows);
            case "delete" -> outcome.deleted(outcome.deleted() + rows);
            default -> outcome;
        };
    }
}
