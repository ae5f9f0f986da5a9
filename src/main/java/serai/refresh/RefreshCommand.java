package serai.refresh;

import java.sql.Connection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import serai.command.CommandContext;
import serai.command.CommandOutput;
import serai.command.ExitCode;
import serai.command.NegativeAnswerException;
import serai.edits.Edits;
import serai.edits.Refusal;
import serai.request.Requests;
import serai.warehouse.Sql;
import serai.warehouse.Warehouse;

/** Refreshes models now: the running process does it; without one, the command. */
abstract class RefreshCommand implements Callable<Integer> {

    @Spec
    private CommandSpec command;

    @Mixin
    CommandOutput output;

    @Option(
            names = "--wait",
            paramLabel = "TIME",
            defaultValue = "30m",
            description = "longest wait for the end, such as 90s; ${DEFAULT-VALUE} by default")
    private Duration wait;

    @Option(
            names = "--now",
            paramLabel = "TIME",
            description = "the clock of the run, such as 2026-03-31T10:00; the present time by default")
    Instant now;

    final CommandContext context;

    private RefreshCommand(CommandContext context) {
        this.context = context;
    }

    /** What to refresh, at a time that may be null. */
    abstract RefreshTarget target(Instant at);

    @Override
    public Integer call() throws Exception {
        RefreshTarget target = target(now);
        Warehouse warehouse = context.warehouse();
        List<String> refused = new ArrayList<>();
        if (new Requests(warehouse)
                .ask(RefreshRequests.VERB, target.text(), wait)
                .isEmpty()) {
            refused.addAll(refreshHere(warehouse, target));
        }
        RefreshResult result;
        try (Connection c = warehouse.dataSource().getConnection()) {
            result = RefreshResult.read(Sql.on(c), target);
        }
        List<String> problems = new ArrayList<>(refused);
        problems.addAll(result.problems());
        output.print(
                result.text(),
                Map.of(
                        "upToDate",
                        result.upToDate(),
                        "paused",
                        result.paused(),
                        "warnings",
                        result.warnings(),
                        "problems",
                        problems));
        if (!refused.isEmpty() || result.fault()) {
            throw new IllegalStateException(String.join("\n", problems));
        }
        if (!problems.isEmpty()) {
            throw new NegativeAnswerException(String.join("\n", problems));
        }
        return ExitCode.DONE;
    }

    /** Without a running process; returns the files that are refused. */
    private List<String> refreshHere(Warehouse warehouse, RefreshTarget target) throws Exception {
        SqlFiles files = new SqlFiles(warehouse);
        SourcesFile sources = new SourcesFile(warehouse);
        List<Refusal> refusals = new ArrayList<>(sources.apply(Edits.read(context.root(), sources)));
        refusals.addAll(files.apply(Edits.read(context.root(), files)));
        new Refresh(warehouse, files, RefreshSettings.of(context.settings()), Clock.systemUTC()).runNow(target);
        return refusals.stream()
                .map(refusal -> refusal.file() + (refusal.line() == null ? "" : ":" + refusal.line()) + " is refused: "
                        + refusal.reason())
                .toList();
    }

    /** {@code refresh}. */
    @Command(
            name = "refresh",
            description = "Refresh models now, and show whether they are up to date. The running process does it;"
                    + " without one, the command.",
            mixinStandardHelpOptions = true)
    static final class Models extends RefreshCommand {

        @Parameters(
                arity = "0..1",
                paramLabel = "MODEL[+]",
                description = "one model; with + also those that read it; all by default")
        private String model;

        @Option(
                names = "--from",
                paramLabel = "DAY",
                description = "with MODEL: the first day to calculate although its input did not change, such as"
                        + " 2026-03-01; a once writes the days that are not sealed. With --schema: the first day of the"
                        + " models that have :from")
        private LocalDate from;

        @Option(names = "--to", paramLabel = "DAY", description = "the last day; --from by default")
        private LocalDate to;

        @Option(
                names = "--reseal",
                description = "with --from: write sealed days of a once again, with what its SELECT gives now")
        private boolean reseal;

        @Option(
                names = "--schema",
                paramLabel = "NAME",
                description = "build the models from scratch in this schema beside production, such as dev_ada. What is"
                        + " not built there is read from production. It replaces what the last build made there")
        private String schema;

        @Option(
                names = "--changed",
                description = "the models whose rows were calculated with another definition than that of their files,"
                        + " or never, and those that read them")
        private boolean changed;

        @Option(names = "--drop", description = "with --schema: remove the schema")
        private boolean drop;

        Models(CommandContext context) {
            super(context);
        }

        private RefreshTarget.Days days() {
            if (from == null && (to != null || reseal)) {
                throw usage((to == null ? "--reseal" : "--to") + " needs --from.");
            }
            if (from != null && to != null && to.isBefore(from)) {
                throw usage("--from is after --to.");
            }
            return from == null ? null : new RefreshTarget.Days(from, to == null ? from : to, reseal);
        }

        @Override
        public Integer call() throws Exception {
            if (schema == null) {
                if (drop) {
                    throw usage("--drop needs --schema.");
                }
                return super.call();
            }
            if (reseal) {
                throw usage("--schema has no seals: leave --reseal out.");
            }
            if (drop && (model != null || from != null)) {
                throw usage("--drop removes the whole schema: leave the rest out.");
            }
            SchemaRefresh beside = new SchemaRefresh(context, output, schema);
            return drop ? beside.drop() : beside.build(models(now, null), days());
        }

        @Override
        RefreshTarget target(Instant at) {
            if (model == null && days() != null) {
                throw usage("--from needs the name of a model.");
            }
            return models(at, days());
        }

        private RefreshTarget models(Instant at, RefreshTarget.Days days) {
            if (changed && model != null) {
                throw usage("Name a model or --changed, not both.");
            }
            if (changed) {
                return RefreshTarget.changed(at);
            }
            return model == null
                    ? RefreshTarget.all(at)
                    : RefreshTarget.parse(model)
                            .filter(parsed -> parsed.model() != null)
                            .map(parsed -> new RefreshTarget(parsed.scope(), parsed.model(), days, at))
                            .orElseThrow(() -> usage("'" + model + "' is not the name of a model."));
        }
    }

    /** {@code retry}. */
    @Command(
            name = "retry",
            description = "Refresh only the models that failed, were held, or wait for such a one.",
            mixinStandardHelpOptions = true)
    static final class Retry extends RefreshCommand {

        Retry(CommandContext context) {
            super(context);
        }

        @Override
        RefreshTarget target(Instant at) {
            return RefreshTarget.failed(at);
        }
    }

    /** {@code seed}. */
    @Command(
            name = "seed",
            description = "Load the seeds, the CSV files of sql/seeds, without the models that read them.",
            mixinStandardHelpOptions = true)
    static final class Seeds extends RefreshCommand {

        Seeds(CommandContext context) {
            super(context);
        }

        @Override
        RefreshTarget target(Instant at) {
            return RefreshTarget.seeds(at);
        }
    }

    ParameterException usage(String message) {
        return new ParameterException(command.commandLine(), message);
    }
}
