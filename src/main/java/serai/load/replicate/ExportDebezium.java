package serai.load.replicate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import serai.command.CommandContext;
import serai.command.CommandOutput;
import serai.command.ExitCode;
import serai.warehouse.Sql;

/** {@code export debezium}: a connector that goes on with a replication. */
@Command(
        name = "debezium",
        description = "Print a connector of Debezium for Kafka Connect that goes on with a replicated source: the same"
                + " slot, publication, tables and columns. What Debezium cannot do as the mapping says is left out, and"
                + " named on standard error. It changes nothing.",
        mixinStandardHelpOptions = true)
final class ExportDebezium implements Callable<Integer> {

    /** Of columns that Debezium can mask; of other types it lets values pass. */
    private static final String MASKABLE = """
            select n.nspname || '.' || c.relname || '.' || a.attname as name
            from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
            where a.attnum > 0 and not a.attisdropped and c.relkind in ('r', 'p')
              and a.atttypid in ('text'::regtype, 'varchar'::regtype, 'bpchar'::regtype)""";

    private final CommandContext context;

    @Spec
    private CommandSpec spec;

    @Mixin
    private CommandOutput output;

    @Parameters(paramLabel = "SOURCE", description = "the source, which is the id of its route")
    private String source;

    @Option(
            names = "--salt-file",
            paramLabel = "FILE",
            description =
                    "a file with the salt of hashes, 16 or more letters and digits. Debezium wants it in the name of"
                            + " a property: the connector is a secret then. Without it hashed columns are left out")
    private Path saltFile;

    ExportDebezium(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws Exception {
        ReplicationPlan plan = plan();
        if (!(plan.database() instanceof PostgresDatabase)) {
            throw new IllegalStateException(
                    "The source " + source + " is no PostgreSQL: Debezium begins at a MariaDB by"
                            + " itself, with no slot to take over. Write its connector by hand.");
        }
        DebeziumConnector connector = connector(plan);
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode request = mapper.createObjectNode().put("name", source);
        request.set("config", mapper.<JsonNode>valueToTree(connector.properties()));
        output.print(
                mapper.writerWithDefaultPrettyPrinter().writeValueAsString(request),
                Map.of("connector", request, "differences", connector.differences()));
        connector.differences().forEach(spec.commandLine().getErr()::println);
        spec.commandLine().getErr().flush();
        return ExitCode.DONE;
    }

    private ReplicationPlan plan() throws Exception {
        List<ReplicateRoutes.Use> routes = ReplicateRoutes.read(
                context.root().resolve("routes"), text -> context.camel().resolvePropertyPlaceholders(text));
        ReplicateRoutes.Use use = routes.stream()
                .filter(route -> route.source().equals(source))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("No route with the id " + source
                        + " begins with kamelet:replicate; those that do are "
                        + routes.stream().map(ReplicateRoutes.Use::source).toList() + "."));
        return use.replicated().plan(ReplicateRoom.databases(context.settings(), context.root(), null));
    }

    private DebeziumConnector connector(ReplicationPlan plan) throws Exception {
        try (Connection connection = plan.database().connect()) {
            Sql sql = Sql.on(connection);
            TableCatalog catalog = new TableCatalog(plan.database(), connection, plan.mapping());
            catalog.read();
            Set<String> maskable = new HashSet<>(sql.list(MASKABLE, row -> row.text("name")));
            DebeziumConnector connector = new DebeziumConnector(
                    plan,
                    CatalogTable.read(sql).stream().map(CatalogTable::table).toList(),
                    maskable,
                    salt());
            catalog.tables().forEach(connector::add);
            catalog.refused().forEach(connector::refused);
            return connector;
        } catch (SQLException e) {
            throw new IllegalStateException("The source cannot be read: " + e.getMessage(), e);
        }
    }

    private String salt() throws Exception {
        if (saltFile == null) {
            return null;
        }
        String salt = Files.readString(context.root().resolve(saltFile)).strip();
        if (!salt.matches("[A-Za-z0-9]{16,}")) {
            throw new IllegalStateException(
                    saltFile + " must hold 16 or more letters and digits, and nothing else: the salt of hashes.");
        }
        return salt;
    }
}
