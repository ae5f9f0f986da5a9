package serai.watch.rule;

import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** Loads rule files with their imports and severities, and adds the options that hold for all rules. */
public final class RuleLoader {

    private final Options defaults;
    private final ZoneId zone;
    private final List<Path> folders;
    private final Set<String> enhancements;
    private final UnaryOperator<String> environment;
    private final Sources sources;

    /**
     * A rule file that was loaded.
     *
     * @param rules the rule, or one for each of its severities, from the lowest to the highest
     * @param files the file and those that it refers to, its own first: when one is edited, the rule must be loaded
     *     again
     */
    public record Loaded(List<Rule> rules, Set<Path> files) {

        /** The rule of a file without severities, else that of the lowest severity. */
        public Rule rule() {
            return rules.get(0);
        }
    }

    /** Translates the option {@code source}, and the options of that source, into the options of any rule. */
    @FunctionalInterface
    public interface Sources {

        /**
         * Returns the options of a file without those of its source.
         *
         * @param texts returns the text of a file by its path from the project's folder
         * @throws RuleException when there is no such source, or one of its options is wrong
         */
        Options prepare(Options options, Function<Path, Optional<String>> texts) throws RuleException;
    }

    /** A loader for rules on Elasticsearch only. */
    public RuleLoader(
            Options defaults,
            ZoneId zone,
            List<Path> folders,
            Set<String> enhancements,
            UnaryOperator<String> environment) {
        this(defaults, zone, folders, enhancements, environment, (options, texts) -> options);
    }

    /**
     * @param defaults the options that hold where a file has none
     * @param zone the zone in which messages show times
     * @param folders the folders of rules; the path in there is the name of a rule that has none
     * @param enhancements the names of the enhancements that exist; a rule that names another is refused
     * @param environment returns an environment variable, or null
     * @param sources translates the option {@code source}
     */
    public RuleLoader(
            Options defaults,
            ZoneId zone,
            List<Path> folders,
            Set<String> enhancements,
            UnaryOperator<String> environment,
            Sources sources) {
        this.defaults = defaults;
        this.zone = zone;
        this.folders = List.copyOf(folders);
        this.enhancements = Set.copyOf(enhancements);
        this.environment = environment;
        this.sources = sources;
    }

    /**
     * Loads a rule file; nothing else changes.
     *
     * @param texts returns the text of a file, or empty when it cannot be read; also of imports, by paths that are
     *     relative to the same folder
     * @throws RuleException when the rule cannot run as it is written
     */
    public Loaded load(Path file, Function<Path, Optional<String>> texts) throws RuleException {
        RuleImports imports = new RuleImports(file, texts, environment);
        Options options = OwnMetadata.apart(imports.read());
        Options all = options.withDefaults(defaults, null, null);
        RuleSecrets.mask(all);
        OptionTypes.check(options);
        checkEnhancements(all);
        Set<Path> files = new LinkedHashSet<>(imports.files());
        List<Rule> rules = new ArrayList<>();
        for (Options severity : severities(options, file, recording(files, texts))) {
            rules.add(Rule.of(severity, file, defaults, zone));
        }
        return new Loaded(List.copyOf(rules), files);
    }

    private void checkEnhancements(Options options) throws RuleException {
        for (String enhancement : options.texts("match_enhancements")) {
            if (!enhancements.contains(enhancement)) {
                throw options.refused(
                        "match_enhancements",
                        "'" + enhancement + "' names a Python class, which cannot run here; remove it if the rule works"
                                + " without it. Available: "
                                + String.join(
                                        ", ", enhancements.stream().sorted().toList()));
            }
        }
    }

    /** The options of each severity; the rule's own where it has none. */
    private List<Options> severities(Options options, Path file, Function<Path, Optional<String>> texts)
            throws RuleException {
        Options named = options.withDefaults(new Options(Map.of("name", name(file)), Map.of()), null, null);
        return Severities.expand(sources.prepare(named, texts), named.text("name", ""));
    }

    private static Function<Path, Optional<String>> recording(Set<Path> files, Function<Path, Optional<String>> texts) {
        return path -> {
            files.add(path);
            return texts.apply(path);
        };
    }

    /** The file and those that it refers to, its own first; of a file that is refused, as far as they can be found. */
    public Set<Path> files(Path file, Function<Path, Optional<String>> texts) {
        RuleImports imports = new RuleImports(file, texts, environment);
        Set<Path> others = new LinkedHashSet<>();
        try {
            severities(imports.read(), file, recording(others, texts));
        } catch (RuleException e) {
            // load reports it
        }
        Set<Path> files = new LinkedHashSet<>(imports.files());
        files.addAll(others);
        return files;
    }

    private String name(Path file) {
        Path name = folders.stream()
                .filter(file::startsWith)
                .findFirst()
                .map(folder -> folder.relativize(file))
                .orElse(file.getFileName());
        return name.toString().replace('\\', '/').replaceFirst("\\.ya?ml$", "");
    }
}
