package serai.load.replicate.mapping;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import serai.edits.EditRefusedException;

/**
 * Which tables and columns of a source arrive, under which names, and how values are altered: the rules of a
 * table-mapping file of AWS DMS ({@code *.json}), or of the short form ({@code *.yaml}).
 *
 * <p>Where rules disagree, the stricter wins: an exclusion over an inclusion, a removal over a mask, a mask over none.
 */
public final class Mapping {

    /** The setting with the key of salted hashes. */
    static final String KEY_SETTING = "replicate.mask-key";

    private static final int MOST_BYTES = 2_000_000;
    private static final int SHORTEST_KEY = 16;

    private final MappingRules rules;
    private final String targetSchema;
    private final String maskKey;

    private Mapping(MappingRules rules, String targetSchema, String maskKey) {
        this.rules = rules;
        this.targetSchema = targetSchema;
        this.maskKey = maskKey;
    }

    /**
     * Reads a file.
     *
     * @param targetSchema where tables arrive that no rule names another schema for
     * @param maskKey the key of salted hashes; null when there is none
     * @throws EditRefusedException when the rules are malformed; it names the line and the fix
     */
    public static Mapping read(Path file, String targetSchema, String maskKey)
            throws IOException, EditRefusedException {
        byte[] bytes = Files.readAllBytes(file);
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return parse(file, text, targetSchema, maskKey);
        } catch (CharacterCodingException e) {
            throw new EditRefusedException(file, null, "it is not UTF-8: save it in this encoding");
        }
    }

    /** Reads the text of a file. Parameters and errors are those of {@link #read}. */
    public static Mapping parse(Path file, String text, String targetSchema, String maskKey)
            throws EditRefusedException {
        if (text.length() > MOST_BYTES) {
            throw new EditRefusedException(file, null, "it has more than " + MOST_BYTES + " characters");
        }
        if (maskKey != null && maskKey.length() < SHORTEST_KEY) {
            throw new EditRefusedException(
                    file, null, KEY_SETTING + " is too short: it needs at least " + SHORTEST_KEY + " characters");
        }
        String rest = text.startsWith("\uFEFF") ? text.substring(1) : text;
        boolean json = file.toString().endsWith(".json");
        MappingRules rules = json
                ? DmsRules.read(JsonMapping.read(file, rest), maskKey != null)
                : ShortMapping.read(YamlMapping.read(file, rest), maskKey != null);
        boolean selects = rules.selections().stream().anyMatch(rule -> rule.kind() != SelectionRule.Kind.EXCLUDE);
        boolean refused =
                rules.classified().stream().anyMatch(rule -> rule.verdict() == ClassifiedRule.Verdict.REFUSED);
        if (!selects && !refused) {
            throw new EditRefusedException(
                    file,
                    1,
                    json
                            ? "nothing is selected: add a selection rule with 'include'"
                            : "nothing is selected: name what arrives under 'tables'");
        }
        return new Mapping(rules, targetSchema, maskKey);
    }

    /**
     * What becomes of each rule, in the order of their ids. While one is refused the source must not start, unless it
     * is told to go on without these rules. Rules that protect values are never refused in this way: what is wrong with
     * one of them is an error of {@link #read}.
     */
    public List<ClassifiedRule> rules() {
        return rules.classified();
    }

    /**
     * What arrives of a table; empty when it is not selected.
     *
     * @throws TableRefusedException when the table must not be replicated until rules or table are changed
     */
    public Optional<TablePlan> plan(SourceTable table) throws TableRefusedException {
        return new TablePlanner(rules, targetSchema, maskKey, table).plan();
    }

    /**
     * What only the source's catalog shows: protections that match nothing, tables that meet under one name, tables
     * that cannot be planned, and surprises.
     *
     * @param catalog all tables of the source
     */
    public List<CatalogFinding> compare(Collection<SourceTable> catalog) {
        return new CatalogCheck(rules, this::plan, List.copyOf(catalog)).findings();
    }

    /**
     * Columns that would arrive less protected than before, since the source has renamed them. Their table must not be
     * replicated until a rule names them. Without the columns' numbers, each new name of a table is suspect from which
     * a protected name has gone.
     *
     * @return names in the changed table
     */
    public List<String> exposed(SourceTable before, SourceTable after) {
        TablePlanner old = new TablePlanner(rules, targetSchema, maskKey, before);
        TablePlanner changed = new TablePlanner(rules, targetSchema, maskKey, after);
        return RenamedColumns.exposed(before, old::protection, after, changed::protection);
    }
}
