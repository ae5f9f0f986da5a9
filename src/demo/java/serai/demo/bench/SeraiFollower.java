package serai.demo.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.io.FileUtils;
import serai.demo.SeraiProcess;
import serai.warehouse.Sql;

/**
 * The runnable jar with one route, which replicates with one masked column. A model's watch is on a time of the table,
 * so that old and new values of changed rows are compared and days marked. The route starts and stops as its file comes
 * and goes; the process stays.
 */
final class SeraiFollower extends Follower {

    private static final String ROUTE = """
            - route:
                id: bench
                from:
                  uri: kamelet:replicate
                  parameters: { database: bench, mapping: mappings/bench.yaml }
                  steps:
                    - log: "${body}"
            """;

    private final Path route;
    private final SeraiProcess process;

    /**
     * @param folder empty, for the project
     * @param settings the addresses of warehouse and source
     * @param mask the column that is masked, or empty
     */
    SeraiFollower(Path folder, Map<String, String> settings, String mask, Sql source, Connection target)
            throws IOException, SQLException {
        super("serai_bench", "app", source, target);
        target().update("""
                insert into meta.watches (relation, kind, columns, reads, consumer)
                values ('app.facts', 'window', '{created_at}', '{amount,status}', 'bench') on conflict do nothing""");
        route = folder.resolve("routes/load/bench.camel.yaml");
        Files.createDirectories(route.getParent());
        FileUtils.copyDirectory(
                Path.of("sql/schema").toFile(), folder.resolve("sql/schema").toFile());
        for (String file : new String[] {
            "application.properties", "routes/_errors.camel.yaml", "routes/kamelets/replicate.kamelet.yaml"
        }) {
            FileUtils.copyFile(Path.of(file).toFile(), folder.resolve(file).toFile());
        }
        Files.createDirectories(folder.resolve("mappings"));
        Files.writeString(folder.resolve("mappings/bench.yaml"), mapping(mask));
        Map<String, String> all = new TreeMap<>(settings);
        all.put("replicate.mask-key", "a key of more than sixteen characters");
        all.put("edits.every", "100ms");
        process = Bench.startJar(folder, all);
    }

    private static String mapping(String mask) {
        StringBuilder mapping = new StringBuilder("tables:\n");
        SourceLoad.TABLES.forEach(
                table -> mapping.append("  - public.").append(table).append('\n'));
        return mask.isEmpty() ? mapping.toString() : mapping + "mask:\n  public." + mask + ": hash-salted\n";
    }

    @Override
    void create() throws IOException {
        resume();
    }

    @Override
    void resume() throws IOException {
        // at once, or half a file may be read
        Path draft = route.resolveSibling("bench.draft");
        Files.writeString(draft, ROUTE);
        Files.move(draft, route, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    void pause() throws Exception {
        Files.delete(route);
        await("its slot is free", () -> !isReading());
        await(
                "its lease is free",
                () -> target().first("select 1 from meta.runs where source = 'bench' and status = 'running'", r -> true)
                        .isEmpty());
    }

    @Override
    boolean isCopied() throws SQLException {
        return target().first(
                        "select 1 from meta.replicated_tables where source = 'bench' having count(*) = ?"
                                + " and every(state in ('catching_up', 'complete'))",
                        row -> true,
                        SourceLoad.TABLES.size())
                .isPresent();
    }

    @Override
    void remove() throws Exception {
        Files.deleteIfExists(route);
        await("its slot is free", () -> !isReading());
        for (String table : SourceLoad.TABLES) {
            target().execute("drop table if exists " + table(table));
        }
        target().execute("delete from meta.replicated_tables where source = 'bench';"
                + " delete from meta.offsets where source = 'bench'; truncate meta.dirty");
        source().list(
                        "select pg_drop_replication_slot(slot_name)::text as dropped from pg_replication_slots"
                                + " where slot_name = ?",
                        row -> row.text("dropped"),
                        slot());
    }

    @Override
    double cpuSeconds() throws IOException {
        return Processes.cpuSeconds(process.pid());
    }

    /** The most memory that the process had, in MB. */
    double residentMegabytes() throws IOException {
        return Processes.residentMegabytes(process.pid(), "VmHWM");
    }

    @Override
    void requireAlive() throws IOException {
        process.requireAlive();
    }

    @Override
    public void close() throws Exception {
        process.close();
        super.close();
    }
}
