package serai.load.replicate;

import java.time.Duration;
import java.util.Locale;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.Exchange;
import serai.settings.SettingType;
import serai.warehouse.Warehouse;

/** The bean of the kamelet {@code replicate}, one for each use: what is replicated, and the step that applies it. */
public final class ReplicatedSource implements CamelContextAware {

    private static final SettingType<Duration> QUERY_LIMIT =
            SettingType.duration(Duration.ofMillis(10), Duration.ofHours(1));

    private CamelContext context;
    private String source;
    private String database;
    private String mapping;
    private String schema = "app";
    private String slot = "";
    private String publication = "";
    private Duration queryLimit = Duration.ofSeconds(5);
    private Duration validateEvery = Duration.ZERO;
    private int validateRate = 10_000;
    private OnLostPosition onLostPosition = OnLostPosition.STOP;
    private ChunkWriter.RefusedRow refusedRow = ChunkWriter.RefusedRow.PARK_ROW;

    @Override
    public void setCamelContext(CamelContext context) {
        this.context = context;
    }

    @Override
    public CamelContext getCamelContext() {
        return context;
    }

    /** The id of the route that uses the kamelet. */
    public void setSource(String source) {
        this.source = source;
    }

    /** The name of the database in the settings. */
    public void setDatabase(String database) {
        this.database = database;
    }

    /** The mapping file, in the project's folder. */
    public void setMapping(String mapping) {
        this.mapping = mapping;
    }

    /** The schema of the warehouse. */
    public void setSchema(String schema) {
        this.schema = schema;
    }

    /** The slot at the source; empty for one by the route's name. */
    public void setSlot(String slot) {
        this.slot = slot;
    }

    /** The publication at the source; empty for one by the route's name. */
    public void setPublication(String publication) {
        this.publication = publication;
    }

    /**
     * What is done with rows that the warehouse refuses: {@code stop}, {@code park_row} or {@code park_table}.
     *
     * @throws IllegalArgumentException when it is anything else
     */
    public void setRefusedRow(String policy) {
        this.refusedRow = ChunkWriter.RefusedRow.valueOf(policy.toUpperCase(Locale.ROOT));
    }

    /**
     * What is done when the source has forgotten changes: {@code stop} or {@code reload}.
     *
     * @throws IllegalArgumentException when it is anything else
     */
    public void setOnLostPosition(String policy) {
        this.onLostPosition = OnLostPosition.valueOf(policy.toUpperCase(Locale.ROOT));
    }

    /**
     * How long a query of a copy may last at the source, such as {@code 5s}.
     *
     * @throws IllegalArgumentException when it is not from 10 ms to 1 h
     */
    public void setQueryLimit(String limit) {
        this.queryLimit = QUERY_LIMIT.parse(limit);
    }

    /** How often each table is compared with its source, such as {@code 24h}; empty: when somebody asks. */
    public void setValidateEvery(String every) {
        this.validateEvery =
                every.isEmpty() ? Duration.ZERO : SettingType.duration().parse(every);
    }

    /** The most rows a second that are read for it. */
    public void setValidateRate(int rowsPerSecond) {
        this.validateRate = rowsPerSecond;
    }

    private ReplicationDatabases databases() {
        return context.getRegistry().lookupByNameAndType("replicationDatabases", ReplicationDatabases.class);
    }

    Warehouse warehouse() {
        return databases().warehouse();
    }

    /** @throws IllegalArgumentException when the database or the mapping is not usable */
    ReplicationPlan plan() {
        return plan(databases());
    }

    ReplicationPlan plan(ReplicationDatabases databases) {
        String name = "serai_" + source.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_]", "_");
        SourceDatabase named = databases.database(database);
        boolean hasSlot = named instanceof PostgresDatabase;
        if (!hasSlot && !(slot + publication).isEmpty()) {
            throw new IllegalArgumentException("slot and publication: a MariaDB has neither. Leave them out.");
        }
        return new ReplicationPlan(
                source,
                named,
                databases.mapping(mapping, schema),
                !hasSlot ? null : slot.isEmpty() ? name : slot,
                !hasSlot ? null : publication.isEmpty() ? name : publication,
                refusedRow,
                onLostPosition,
                queryLimit,
                databases.retainedWarn(),
                databases.auditColumns(),
                validateEvery,
                validateRate);
    }

    /**
     * Applies the batch that is the exchange's body. The body is then the number of changed rows by table.
     *
     * @throws Exception when the warehouse cannot be written
     */
    public void apply(Exchange exchange) throws Exception {
        ChangeBatch batch = exchange.getMessage().getMandatoryBody(ChangeBatch.class);
        batch.apply();
        exchange.getMessage().setBody(batch.rows());
    }
}
