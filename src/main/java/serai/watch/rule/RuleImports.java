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
 * A rule file together with what it imports (spec/elastalert.md 1.9): the rule goes before its imports, a later import
 * before an earlier one, an import before what it imports itself; the filters of all are joined, imports first.
 */
final class RuleImports {

    private static final int MOST = 100;

    private final Path rule;
    private final Function<Path, Optional<String>> texts;
    private final UnaryOperator<String> environment;
    private final Set<Path> files = new LinkedHashSet<>();

    /** One import to be read: the file, the files that led to it, and the line of the rule file where that began. */
    private record Import(Path file, List<Path> via, Integer line) {}

    RuleImports(Path rule, Function<Path, Optional<String>> texts, UnaryOperator<String> environment) {
        this.rule = rule;
        this.texts = texts;
        this.environment = environment;
    }

    /** The files that were asked for, the rule's first; also after a refusal, and also those that are missing. */
    Set<Path> files() {
        return Collections.unmodifiableSet(files);
    }

    Options read() throws RuleException {
        files.add(rule);
        String text = texts.apply(rule).orElseThrow(() -> new RuleException(null, null, "the file cannot be read"));
        Options options = RuleFile.read(text, environment);
        Deque<Import> left = new ArrayDeque<>();
        options = without(options, left, new Import(rule, List.of(), options.line("import")));
        for (int count = 1; !left.isEmpty(); count++) {
            Import next = left.pop();
            if (count > MOST) {
                throw new RuleException(next.line(), "import", "leads to more than " + MOST + " files");
            }
            options = joined(options, without(imported(next), left, next), next);
        }
        return options;
    }

    /** Notes what a file imports, the last one on top, and takes the option away. */
    private Options without(Options options, Deque<Import> left, Import from) throws RuleException {
        List<Path> via = new ArrayList<>(from.via());
        via.add(from.file());
        for (String name : options.texts("import")) {
            Path file = find(name, from);
            if (via.contains(file)) {
                throw new RuleException(
                        from.line(),
                        "import",
                        "goes in a circle: " + file + " leads back to itself; remove one of its imports");
            }
            left.push(new Import(file, via, from.line()));
        }
        Map<String, Object> others = new LinkedHashMap<>(options.values());
        others.remove("import");
        return options.with(others);
    }

    /** Relative to the rule file, as ElastAlert has it; or else relative to the file that says it. */
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

    private Options imported(Import wanted) throws RuleException {
        files.add(wanted.file());
        String text = texts.apply(wanted.file())
                .orElseThrow(() -> new RuleException(
                        wanted.line(),
                        "import",
                        wanted.file() + " cannot be read; a path is relative to the rule file"));
        try {
            return RuleFile.read(text, environment);
        } catch (RuleException e) {
            throw new RuleException(
                    wanted.line(),
                    "import",
                    wanted.file() + (e.line() == null ? "" : ", line " + e.line()) + ": " + e.getMessage());
        }
    }

    private static Options joined(Options rule, Options base, Import from) throws RuleException {
        Options options = rule.over(base, from.file().toString(), from.line());
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
        return options.with(values);
    }
}
