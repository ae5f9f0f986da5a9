package serai.load.replicate;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import serai.edits.EditRefusedException;
import serai.load.replicate.mapping.CatalogFinding;
import serai.load.replicate.mapping.ClassifiedRule;
import serai.load.replicate.mapping.Mapping;
import serai.load.replicate.mapping.SourceTable;
import serai.load.replicate.mapping.TablePlan;
import serai.load.replicate.mapping.TableRefusedException;

/** The rules of a mapping file, which knows when the file has others. */
final class LiveMapping implements TableCatalog.Planner {

    private static final Logger LOG = LoggerFactory.getLogger(LiveMapping.class);
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final Path root;
    private final String file;
    private final String schema;
    private final String maskKey;
    private final Mapping mapping;
    /** The last text of the file that was read, which may have been refused since. */
    private String text;

    private LiveMapping newer;
    private long lastLook = System.nanoTime();

    private LiveMapping(Path root, String file, String schema, String maskKey, String text)
            throws EditRefusedException {
        this.root = root;
        this.file = file;
        this.schema = schema;
        this.maskKey = maskKey;
        this.text = text;
        this.mapping = Mapping.parse(root.resolve(file), text, schema, maskKey);
        for (ClassifiedRule rule : mapping.rules()) {
            if (rule.verdict() == ClassifiedRule.Verdict.REFUSED) {
                throw new EditRefusedException(root.resolve(file), rule.line(), rule.toString());
            }
        }
    }

    /**
     * Reads a mapping file.
     *
     * @throws IllegalArgumentException when it is malformed, or one of its rules cannot be followed
     */
    static LiveMapping read(Path root, String file, String schema, String maskKey) {
        try {
            return new LiveMapping(root, file, schema, maskKey, Files.readString(root.resolve(file)));
        } catch (EditRefusedException e) {
            throw new IllegalArgumentException("mapping: " + e.getMessage(), e);
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("mapping: " + file + " is not UTF-8: save it in this encoding", e);
        } catch (IOException e) {
            throw new IllegalArgumentException("mapping: " + file + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** Used by one thread. What is refused changes nothing. */
    @Override
    public boolean hasNewer() {
        if (newer == null && System.nanoTime() - lastLook > LOOK.toNanos()) {
            lastLook = System.nanoTime();
            look();
        }
        return newer != null;
    }

    private void look() {
        try {
            String now = Files.readString(root.resolve(file));
            if (!now.equals(text)) {
                text = now;
                newer = new LiveMapping(root, file, schema, maskKey, now);
            }
        } catch (EditRefusedException e) {
            LOG.warn("mapping={} Its edit is refused, and the rules before it stay: {}", file, e.getMessage());
        } catch (IOException e) {
            LOG.debug("mapping={} It cannot be read: {}", file, e.getMessage());
        }
    }

    @Override
    public TableCatalog.Planner newest() {
        return newer == null ? this : newer;
    }

    @Override
    public Optional<TablePlan> plan(SourceTable table) throws TableRefusedException {
        return mapping.plan(table);
    }

    @Override
    public List<ClassifiedRule> rules() {
        return mapping.rules();
    }

    @Override
    public List<CatalogFinding> compare(List<SourceTable> catalog) {
        return mapping.compare(catalog);
    }

    @Override
    public List<String> exposed(SourceTable before, SourceTable after) {
        return mapping.exposed(before, after);
    }
}
