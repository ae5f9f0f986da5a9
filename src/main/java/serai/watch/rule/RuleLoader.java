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

/** Reads rule files with what they import, and fills in what holds for all rules. */
public final class RuleLoader {

    private final Options defaults;
    private final ZoneId zone;
    private final List<Path> folders;
    private final Set<String> enhancements;
    private final UnaryOperator<String> environment;
    private final Sources sources;

    /**
     * A rule file that was read.
     *
     * @param rules the rule, or one for each of its severities, from the lowest to the highest
     * @param files the files that it stands in, its own first: when one is edited, the rule is to be read again
     */
    public record Loaded(List<Rule> rules, Set<Path> files) {
        /** The rule of a file without severities; of one with severities the lowest. */
        public Rule rule() {
            return rules.get(0);
        }
    }

    /** Where the rules' documents come from: makes of the options of a file those that every rule has. */
    @FunctionalInterface
    public interface Sources {
        /**
         * @param texts gives the text of a file by its path from the project's folder
         * @throws RuleException when the options name no source that there is
         */
        Options prepare(Options given, Function<Path, Optional<String>> texts) throws RuleException;
    }

    /**
     * @param defaults options that hold where a file says nothing
     * @param zone the zone in which messages show times
     * @param folders where rules are: a rule without a name is called by its path in there
     * @param enhancements the enhancements that there are; a rule that names another one is refused
     * @param environment gives an environment variable, or null
     */
    public RuleLoader(
            Options defaults,
            ZoneId zone,
            List<Path> folders,
            Set<String> enhancements,
            UnaryOperator<String> environment) {
        this(defaults, zone, folders, enhancements, environment, (given, texts) -> given);
    }

    /** @param sources what the option {@code source} may say */
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
     * Reads a rule, without touching anything else.
     *
     * @param texts gives the text of a file, or nothing when it cannot be read; asked for imports too, whose paths are
     *     relative where the rule's is
     * @throws RuleException when the rule cannot run as it is written
     */
    public Loaded load(Path file, Function<Path, Optional<String>> texts) throws RuleException {
        RuleImports imports = new RuleImports(file, texts, environment);
        Options options = imports.read();
        OptionTypes.check(options);
        PythonClasses.check(options.over(defaults, null, null), enhancements);
        Set<Path> files = new LinkedHashSet<>(imports.files());
        List<Rule> rules = new ArrayList<>();
        for (Options one : rules(options, file, noting(files, texts))) {
            rules.add(Rule.of(one, file, defaults, zone));
        }
        return new Loaded(List.copyOf(rules), files);
    }

    private List<Options> rules(Options options, Path file, Function<Path, Optional<String>> texts)
            throws RuleException {
        Options named = options.over(new Options(Map.of("name", name(file)), Map.of()), null, null);
        return Severities.expand(sources.prepare(named, texts), named.text("name", ""));
    }

    private static Function<Path, Optional<String>> noting(Set<Path> files, Function<Path, Optional<String>> texts) {
        return asked -> {
            files.add(asked);
            return texts.apply(asked);
        };
    }

    /** The files that a rule stands in, its own first, as far as they can be told when it is refused. */
    public Set<Path> files(Path file, Function<Path, Optional<String>> texts) {
        RuleImports imports = new RuleImports(file, texts, environment);
        Set<Path> files = new LinkedHashSet<>();
        try {
            rules(imports.read(), file, noting(files, texts));
        } catch (RuleException e) {
            // what it is refused for is told by load
        }
        Set<Path> all = new LinkedHashSet<>(imports.files());
        all.addAll(files);
        return all;
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
