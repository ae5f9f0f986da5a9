package serai.watch.rule;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * Reads a rule file with its imports (see {@code docs/reference/elastalert.md}, "Loading rules"). Options of the rule
 * take precedence over its imports, a later import over an earlier one, and an import over those that it imports
 * itself. The filters of all files apply together, those of imports first.
 */
final class RuleImports {

    private static final int MOST = 100;

    private final Path rule;
    private final Function<Path, Optional<String>> texts;
    private final UnaryOperator<String> environment;
    private final Set<Path> files = new LinkedHashSet<>();

    /**
     * An import to be read.
     *
     * @param via the files that lead to it, the rule file first
     * @param line the line of the rule file with the first import on that way
     */
    private record Import(Path file, List<Path> via, Integer line) {}

    RuleImports(Path rule, Function<Path, Optional<String>> texts, UnaryOperator<String> environment) {
        this.rule = rule;
        this.texts = texts;
        this.environment = environment;
    }

    /** The files that were read, the rule file first; also those that are missing, and also after a refusal. */
    Set<Path> files() {
        return Collections.unmodifiableSet(files);
    }

    Options read() throws RuleException {
        files.add(rule);
        String text = texts.apply(rule).orElseThrow(() -> new RuleException(null, null, "the file cannot be read"));
        Options options = RuleFile.read(text, environment);
        Deque<Import> open = new ArrayDeque<>();
        options = without(options, open, new Import(rule, List.of(), options.line("import")));
        for (int count = 1; !open.isEmpty(); count++) {
            Import next = open.pop();
            if (count > MOST) {
                throw new RuleException(next.line(), "import", "leads to more than " + MOST + " files");
            }
            options = joined(options, without(imported(next), open, next), next);
        }
        return options;
    }

    /** The options of a file without its imports, which are added to the open ones. */
    private Options without(Options options, Deque<Import> open, Import from) throws RuleException {
        List<Path> via = new ArrayList<>(from.via());
        via.add(from.file());
        for (String name : options.texts("import")) {
            Path file = find(name, from);
            if (via.contains(file)) {
                throw new RuleException(
                        from.line(),
                        "import",
                        "forms a circle: " + file + " imports itself again; remove one of its imports");
            }
            open.push(new Import(file, via, from.line()));
        }
        Map<String, Object> others = new LinkedHashMap<>(options.values());
        others.remove("import");
        return options.withValues(others);
    }

    /** A path is relative to the rule file, as in ElastAlert; if there is no such file, to the importing file. */
    private Path find(String name, Import from) throws RuleException {
        try {
            Path beside = rule.resolveSibling(name).normalize();
            Path here = from.file().resolveSibling(name).normalize();
            return here.equals(beside)
                            || texts.apply(beside).isPresent()
                            || texts.apply(here).isEmpty()
                    ? beside
                    : here;
        } catch (InvalidPathException e) {
            throw new RuleException(from.line(), "import", "is not the name of a file");
        }
    }

    private Options imported(Import next) throws RuleException {
        files.add(next.file());
        String text = texts.apply(next.file())
                .orElseThrow(() -> new RuleException(
                        next.line(), "import", next.file() + " cannot be read; a path is relative to the rule file"));
        try {
            return RuleFile.read(text, environment);
        } catch (RuleException e) {
            throw new RuleException(
                    next.line(),
                    "import",
                    next.file() + (e.line() == null ? "" : ", line " + e.line()) + ": " + e.getMessage());
        }
    }

    private static Options joined(Options rule, Options base, Import from) throws RuleException {
        Options options = rule.withDefaults(base, from.file().toString(), from.line());
        if (rule.value("filter") == null || base.value("filter") == null) {
            return options;
        }
        List<Object> filters = new ArrayList<>();
        for (Options each : List.of(base, rule)) {
            if (!(each.value("filter") instanceof List<?> list)) {
                throw each.refused("filter", "must be a list");
            }
            filters.addAll(list);
        }
        Map<String, Object> values = new LinkedHashMap<>(options.values());
        values.put("filter", filters);
        return options.withValues(values);
    }
}
