package serai.load.replicate;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import org.postgresql.Driver;
import org.postgresql.PGProperty;
import serai.load.replicate.mapping.PlannedColumn;
import serai.load.replicate.mapping.SourceColumn;
import serai.load.replicate.mapping.SourceTable;

/**
 * The properties of a connector of Debezium for PostgreSQL that goes on with a replication: its slot, its publication,
 * its tables. What arrives is listed column by column, so that no new column does. Debezium has other masks, and leaves
 * values as they are where a mask does not fit the type of their column: what it cannot protect as the mapping wants it
 * is left out: {@code docs/reference/debezium.md}.
 */
final class DebeziumConnector {

    private static final String PASSWORD = "${file:/etc/kafka-connect/serai.properties:database.password}";
    private static final String DIGITS_MASK = "column.mask.with.8.chars";
    private static final String HASH_MASK = "column.mask.hash.v2.SHA-256.with.salt.";
    /** Debezium splits its lists at these. */
    private static final String SEPARATORS = ".*[,;:].*";

    private final ReplicationPlan plan;
    private final List<SourceTable> catalog;
    private final Set<String> maskable;
    private final String salt;
    private final List<String> tables = new ArrayList<>();
    private final List<String> columns = new ArrayList<>();
    private final List<String> keys = new ArrayList<>();
    private final List<String> hashed = new ArrayList<>();
    private final List<String> masked = new ArrayList<>();
    private final List<String> differences = new ArrayList<>();

    /**
     * A connector without tables.
     *
     * @param catalog all tables of the source
     * @param maskable columns whose type Debezium can mask, as {@code schema.table.column}
     * @param salt of hashes; null when they are to be left out
     */
    DebeziumConnector(ReplicationPlan plan, List<SourceTable> catalog, Set<String> maskable, String salt) {
        this.plan = plan;
        this.catalog = catalog;
        this.maskable = maskable;
        this.salt = salt;
    }

    /** Adds a table, or what keeps it from being added to the differences. */
    void add(ReplicatedTable table) {
        SourceTable source = table.source();
        List<SourceColumn> arriving = new ArrayList<>();
        for (PlannedColumn column : table.plan().columns()) {
            if (column.source() < 0) {
                differs(source + ": the computed column " + column.name() + " does not arrive");
            } else if (isProtected(source, column)) {
                arriving.add(source.columns().get(column.source()));
            }
        }
        String obstacle = obstacle(table, arriving);
        if (obstacle != null) {
            differs("the table " + source + " is left out: " + obstacle);
            return;
        }
        tables.add(pattern(source.toString()));
        arriving.forEach(column -> columns.add(pattern(source + "." + column.name())));
        keys.add(pattern(source.toString()) + ":" + String.join(",", source.primaryKey()));
        table.plan().columns().stream()
                .filter(column -> column.source() >= 0 && !column.isCopied())
                .filter(column -> arriving.contains(source.columns().get(column.source())))
                .forEach(column -> (column.isHashed() ? hashed : masked)
                        .add(pattern(source + "."
                                + source.columns().get(column.source()).name())));
        rename(table);
    }

    /** Whether Debezium sends the column no less protected than the mapping wants it. */
    private boolean isProtected(SourceTable source, PlannedColumn column) {
        if (column.isCopied()) {
            return true;
        }
        String name = source + "." + source.columns().get(column.source()).name();
        if (!maskable.contains(name)) {
            differs(name + " is left out: Debezium masks columns of the types text, varchar and char only");
            return false;
        }
        if (column.isHashed() && salt == null) {
            differs(name + " is left out: Debezium's hash needs a salt, which stands in the name of a property: give it"
                    + " by --salt-file");
            return false;
        }
        differs(
                column.isHashed()
                        ? name + " gets Debezium's hash, SHA-256 of salt and value, which is not that of the warehouse"
                        : name + " arrives as eight asterisks: Debezium cannot mask digits alone");
        return true;
    }

    private String obstacle(ReplicatedTable table, List<SourceColumn> arriving) {
        SourceTable source = table.source();
        List<String> names = arriving.stream().map(SourceColumn::name).toList();
        if (table.plan().filter() != null) {
            return "Debezium cannot filter rows";
        }
        boolean keyArrives = table.plan().columns().stream()
                .filter(PlannedColumn::isCopied)
                .map(column -> source.columns().get(column.source()).name())
                .toList()
                .containsAll(source.primaryKey());
        if (source.primaryKey().isEmpty() || !keyArrives) {
            return "Debezium sends the key by which the log identifies rows, which the mapping does not, or masked";
        }
        if (source.toString().matches(SEPARATORS) || names.stream().anyMatch(name -> name.matches(SEPARATORS))) {
            return "Debezium's lists cannot name what has a comma, a semicolon or a colon in its name";
        }
        // Debezium compares names without their case
        boolean twin = catalog.stream()
                .anyMatch(other -> !other.toString().equals(source.toString())
                        && other.toString().equalsIgnoreCase(source.toString()));
        boolean exposed = source.columns().stream()
                .anyMatch(column -> !names.contains(column.name())
                        && names.stream().anyMatch(name -> name.equalsIgnoreCase(column.name())));
        return twin || exposed ? "another name differs from one that arrives only in its case" : null;
    }

    private void rename(ReplicatedTable table) {
        if (!table.target().name().equals(table.source().name())) {
            differs(table + " arrives under its own name, not as " + table.target() + ": rename it in the sink");
        }
        for (PlannedColumn column : table.plan().columns()) {
            if (column.source() >= 0) {
                SourceColumn source = table.source().columns().get(column.source());
                if (!source.name().equals(column.name())) {
                    differs(table + "." + source.name() + " arrives under its own name, not as " + column.name());
                }
                if (column.isCopied() && column.changesType()) {
                    differs(table + "." + source.name() + " arrives with its own type, not as " + column.type());
                }
            }
        }
    }

    /** A table that the mapping selects and that Serai does not replicate either. */
    void refused(SourceTable table, String reason) {
        differs("the table " + table + " is left out: " + reason);
    }

    private void differs(String text) {
        differences.add(text);
    }

    /** What is not as the mapping says it, for people. */
    List<String> differences() {
        return List.copyOf(differences);
    }

    /** @throws IllegalStateException when no table is left, or the address has more than one host */
    Map<String, String> properties() {
        if (tables.isEmpty()) {
            throw new IllegalStateException("No table is left for Debezium: " + String.join("; ", differences) + ".");
        }
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put("connector.class", "io.debezium.connector.postgresql.PostgresConnector");
        properties.put("tasks.max", "1");
        properties.put("topic.prefix", plan.source().replaceAll("[^A-Za-z0-9._-]", "_"));
        address(properties);
        properties.put("plugin.name", "pgoutput");
        properties.put("slot.name", plan.slot());
        properties.put("slot.drop.on.stop", "false");
        properties.put("publication.name", plan.publication());
        properties.put("publication.autocreate.mode", "disabled");
        properties.put("snapshot.mode", "no_data");
        properties.put("table.include.list", list(tables));
        properties.put("column.include.list", list(columns));
        properties.put("message.key.columns", keys.stream().collect(Collectors.joining(";")));
        if (!hashed.isEmpty()) {
            properties.put(HASH_MASK + salt, list(hashed));
        }
        if (!masked.isEmpty()) {
            properties.put(DIGITS_MASK, list(masked));
        }
        properties.put("decimal.handling.mode", "string");
        properties.put("interval.handling.mode", "string");
        properties.put("heartbeat.interval.ms", "10000");
        return properties;
    }

    private void address(Map<String, String> properties) {
        Properties url = Driver.parseURL(plan.database().url(), null);
        String host = url == null ? "" : PGProperty.PG_HOST.getOrDefault(url);
        if (host.isEmpty() || host.contains(",")) {
            throw new IllegalStateException("The address of the source must name one host for Debezium.");
        }
        properties.put("database.hostname", host);
        properties.put("database.port", PGProperty.PG_PORT.getOrDefault(url));
        properties.put("database.dbname", PGProperty.PG_DBNAME.getOrDefault(url));
        properties.put("database.user", plan.database().user());
        properties.put("database.password", PASSWORD);
        for (PGProperty option :
                List.of(PGProperty.SSL_MODE, PGProperty.SSL_ROOT_CERT, PGProperty.SSL_CERT, PGProperty.SSL_KEY)) {
            if (url.getProperty(option.getName()) != null) {
                properties.put("database." + option.getName(), url.getProperty(option.getName()));
            }
        }
    }

    private static String list(Collection<String> patterns) {
        return String.join(",", patterns);
    }

    /** A regular expression for a name. */
    private static String pattern(String name) {
        return name.replaceAll("[^\\p{L}\\p{N}_]", "\\\\$0");
    }
}
