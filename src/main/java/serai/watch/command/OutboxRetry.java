package serai.watch.command;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import serai.command.CommandContext;
import serai.command.CommandOutput;
import serai.command.NegativeAnswerException;
import serai.warehouse.RunOutcome;
import serai.warehouse.Transaction;
import serai.warehouse.Writer;

/**
 * {@code outbox retry}: messages that were given up wait for delivery again. The running process, which leaves such
 * messages alone, sends them at once.
 */
@Command(name = "retry", description = "Send messages again that were given up.", mixinStandardHelpOptions = true)
public final class OutboxRetry implements Callable<Integer> {

    private static final String AGAIN = """
            update meta.outbox set status = 'pending', attempts = 0, error = null, refused_at = null,
              created_at = clock_timestamp(), not_before = clock_timestamp()
            where status = 'failed' and (message_id = any (?::bigint[]) or rule = ?::text) returning message_id""";

    private static final String SOLVED = """
            update meta.rejects set resolved_at = clock_timestamp()
            where source = 'outbox' and resolved_at is null and (locator ->> 'message')::bigint = any (?::bigint[])""";

    private final CommandContext context;

    @Mixin
    private CommandOutput output;

    @ArgGroup(exclusive = true, multiplicity = "1")
    private Which which;

    private static final class Which {
        @Parameters(paramLabel = "MESSAGE", arity = "1..*", description = "numbers of messages in meta.outbox")
        private List<Long> messages = List.of();

        @Option(names = "--rule", paramLabel = "NAME", description = "all messages of a rule that were given up")
        private String rule;
    }

    /** @param context of the command line */
    public OutboxRetry(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws Exception {
        List<Long> again = new ArrayList<>();
        try (Writer writer = context.warehouse().writer("outbox-command")) {
            writer.commitWithState(tx -> {
                again.addAll(retry(tx));
                return RunOutcome.ok();
            });
        }
        if (again.isEmpty()) {
            throw new NegativeAnswerException("No such message was given up.");
        }
        again.forEach(message ->
                output.print("message " + message + " waits for delivery again", Map.of("message", message)));
        return 0;
    }

    private List<Long> retry(Transaction tx) throws SQLException {
        List<Long> again = tx.sql().list(AGAIN, row -> row.number("message_id"), which.messages, which.rule);
        tx.sql().update(SOLVED, again);
        return again;
    }
}
