package serai.refresh;

import java.io.StringReader;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import serai.edits.EditRefusedException;
import serai.edits.EditableFiles;
import serai.edits.Refusal;
import serai.settings.SettingType;
import serai.settings.Spelling;
import serai.warehouse.Sql;
import serai.warehouse.Warehouse;

/** {@code sql/sources.yaml}: up to when relations are complete that no import fills. It is kept in the warehouse. */
final class SourcesFile implements EditableFiles {

    private static final Path FILE = Path.of("sql", "sources.yaml");
    private static final Pattern RELATION = Pattern.compile("(landing|app)\\.[a-z_][a-z0-9_]{0,62}");
    private static final List<String> KEYS = List.of("complete");
    private static final String ALWAYS = "always";
    private static final int MOST_CHARACTERS = 1_000_000;

    private final Warehouse warehouse;
    /** The newest text; null while it was never read. */
    private Optional<String> newest = null;

    private boolean pending;

    SourcesFile(Warehouse warehouse) {
        this.warehouse = warehouse;
    }

    @Override
    public boolean owns(Path file) {
        return file.equals(FILE);
    }

    @Override
    public synchronized List<Refusal> apply(Map<Path, Optional<String>> changes) {
        if (newest == null || changes.containsKey(FILE)) {
            newest = changes.getOrDefault(FILE, Optional.empty());
            pending = true;
        }
        if (!pending) {
            return List.of();
        }
        try {
            write(newest.isEmpty() ? Map.of() : parse(newest.get()));
            pending = false;
            return List.of();
        } catch (EditRefusedException e) {
            return List.of(e.refusal());
        } catch (SQLException e) {
            return List.of(new Refusal(
                    FILE, null, "the warehouse could not take it; it is tried again soon: " + e.getMessage()));
        }
    }

    @Override
    public List<Refusal> check(Map<Path, String> texts) {
        List<Refusal> refusals = new ArrayList<>();
        texts.values().forEach(text -> {
            try {
                parse(text);
            } catch (EditRefusedException e) {
                refusals.add(e.refusal());
            }
        });
        return refusals;
    }

    private void write(Map<String, Duration> declared) throws SQLException {
        try (Connection connection = warehouse.dataSource().getConnection()) {
            connection.setAutoCommit(false);
            Sql sql = Sql.on(connection);
            sql.update(
                    "delete from meta.declared_sources where relation <> all (?::text[])",
                    List.copyOf(declared.keySet()));
            for (Map.Entry<String, Duration> entry : declared.entrySet()) {
                sql.update(
                        "insert into meta.declared_sources values (?, make_interval(secs => ?)) on conflict (relation)"
                                + " do update set complete_after = excluded.complete_after",
                        entry.getKey(),
                        entry.getValue() == null
                                ? null
                                : (double) entry.getValue().toSeconds());
            }
            connection.commit();
        }
    }

    /** How long it takes until each relation is complete; null: it has no limit. */
    private static Map<String, Duration> parse(String text) throws EditRefusedException {
        Map<String, Duration> declared = new LinkedHashMap<>();
        Node root = compose(text);
        if (root != null) {
            for (NodeTuple entry : mapping(root, "write the names of relations with what is known of them")
                    .getValue()) {
                String relation = text(entry.getKeyNode());
                if (!RELATION.matcher(relation).matches()) {
                    throw refused(
                            entry.getKeyNode(),
                            "'" + relation + "' is not a relation of landing or app: write landing.NAME or app.NAME");
                }
                if (declared.containsKey(relation)) {
                    throw refused(entry.getKeyNode(), relation + " is there a second time: keep one");
                }
                declared.put(relation, complete(relation, entry));
            }
        }
        return declared;
    }

    private static Node compose(String text) throws EditRefusedException {
        if (text.length() > MOST_CHARACTERS) {
            throw new EditRefusedException(FILE, null, "it has more than " + MOST_CHARACTERS + " characters");
        }
        try {
            return new Yaml(new SafeConstructor(new LoaderOptions())).compose(new StringReader(text));
        } catch (MarkedYAMLException e) {
            throw new EditRefusedException(
                    FILE,
                    e.getProblemMark() == null ? null : e.getProblemMark().getLine() + 1,
                    "it is not YAML: " + e.getProblem());
        } catch (YAMLException e) {
            throw new EditRefusedException(FILE, null, "it is not YAML: " + e.getMessage());
        }
    }

    private static Duration complete(String relation, NodeTuple entry) throws EditRefusedException {
        Node value = null;
        for (NodeTuple fact : mapping(
                        entry.getValueNode(), "write what is known of " + relation + ", such as complete: 6h")
                .getValue()) {
            String key = text(fact.getKeyNode());
            if (!KEYS.contains(key)) {
                throw refused(
                        fact.getKeyNode(),
                        "there is no key '" + key + "'; did you mean '" + Spelling.nearest(key, KEYS) + "'?");
            }
            value = fact.getValueNode();
        }
        String complete = value == null ? "" : text(value);
        if (complete.equals(ALWAYS)) {
            return null;
        }
        try {
            return SettingType.duration(Duration.ofSeconds(1), Duration.ofDays(3660))
                    .parse(complete);
        } catch (IllegalArgumentException e) {
            throw refused(
                    value == null ? entry.getKeyNode() : value,
                    "complete is " + ALWAYS + ", or how long after its time a row arrives at the latest, such as 6h: '"
                            + complete + "' " + e.getMessage());
        }
    }

    private static MappingNode mapping(Node node, String fix) throws EditRefusedException {
        if (node instanceof MappingNode mapping) {
            return mapping;
        }
        throw refused(node, fix);
    }

    private static String text(Node node) throws EditRefusedException {
        if (node instanceof ScalarNode scalar) {
            return scalar.getValue();
        }
        throw refused(node, "write one word here");
    }

    private static EditRefusedException refused(Node node, String reason) {
        return new EditRefusedException(FILE, node.getStartMark().getLine() + 1, reason);
    }
}
