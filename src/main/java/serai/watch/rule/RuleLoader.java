package serai.watch.rule;

import java.nio.file.Path;
import java.time.ZoneId;
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

    /**
     * A rule that was read.
     *
     * @param files the files that it stands in, its own first: when one is edited, the rule is to be read again
     */
    public record Loaded(Rule rule, Set<Path> files) {
    }

    /**
     * @param defaults     options that hold where a file says nothing
     * @param zone         the zone in which messages show times
     * @param folders      where rules are: a rule without a name is called by its path in there
     * @param enhancements the enhancements that there are; a rule that names another one is refused
     * @param environment  gives an environment variable, or null
     */
    public RuleLoader(Options defaults, ZoneId zone, List<Path> folders, Set<String> enhancements,
            UnaryOperator<String> environment) {
        this.defaults = defaults;
        this.zone = zone;
        this.folders = List.copyOf(folders);
        this.enhancements = Set.copyOf(enhancements);
        this.environment = environment;
    }

    /**
     * Reads a rule, without touching anything else.
     *
     * @param texts gives the text of a file, or nothing when it cannot be read; asked for imports too, whose paths are relative where the
     *              rule's is
     * @throws RuleException when the rule cannot run as it is written
     */
    public Loaded load(Path file, Function<Path, Optional<String>> texts) throws RuleException {
        RuleImports imports = new RuleImports(file, texts, environment);
        Options options = imports.read();
        OptionKinds.check(options);
        PythonClasses.check(options.over(defaults, null, null), enhancements);
        Options named = options.over(new Options(Map.of("name", name(file)), Map.of()), null, null);
        return new Loaded(Rule.of(named, file, defaults, zone), imports.files());
    }

    /** The files that a rule stands in, its own first, as far as they can be told when it is refused. */
    public Set<Path> files(Path file, Function<Path, Optional<String>> texts) {
        RuleImports imports = new RuleImports(file, texts, environment);
        try {
            imports.read();
        } catch (RuleException e) {
            // what it is refused for is told by load
        }
        return imports.files();
    }

    private String name(Path file) {
        Path name = folders.stream().filter(file::startsWith).findFirst().map(folder -> folder.relativize(file)).orElse(file.getFileName());
        return name.toString().replace('\\', '/').replaceFirst("\\.ya?ml$", "");
    }
}
