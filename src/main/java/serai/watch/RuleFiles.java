package serai.watch;

import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import serai.edits.EditableFiles;
import serai.edits.Refusal;
import serai.watch.alert.AlertRule;
import serai.watch.rule.RuleException;
import serai.watch.rule.RuleFolders;

/**
 * The rule files: {@code routes/alerts/*.yaml} and those of the folders that ElastAlert's configuration names. For a
 * refused file, the rules of its last accepted text stay in effect. When two files name the same rule, the file that
 * had the name first keeps it.
 */
final class RuleFiles implements EditableFiles {

    private static final Logger LOG = LoggerFactory.getLogger(RuleFiles.class);

    private final RuleFolders folders;
    private final Function<Path, Optional<String>> disk;
    private final Reader reader;
    private final Reader offline;
    private final Consumer<Map<String, AlertRule>> running;
    private final Map<Path, String> texts = new TreeMap<>();
    private final Map<Path, Loaded> accepted = new TreeMap<>();
    private final Set<Path> refused = new TreeSet<>();
    /** Files that rules import, and their template files; they may be in any folder. */
    private final Set<Path> imported = ConcurrentHashMap.newKeySet();

    /** Makes rules of a file. */
    @FunctionalInterface
    interface Reader {
        /** @param texts the text of any file; empty when there is no such file */
        Loaded read(Path file, Function<Path, Optional<String>> texts) throws RuleException;
    }

    /**
     * The rules of a file.
     *
     * @param rules one, or one for each severity
     * @param read all files that they were read from, the rule file included
     */
    record Loaded(List<AlertRule> rules, Set<Path> read) {}

    /**
     * @param disk gives the text of a file that a rule imports
     * @param offline reads as the other reader does, but asks no server
     * @param running receives the rules that should run, by name, whenever they change
     */
    RuleFiles(
            RuleFolders folders,
            Function<Path, Optional<String>> disk,
            Reader reader,
            Reader offline,
            Consumer<Map<String, AlertRule>> running) {
        this.offline = offline;
        this.folders = folders;
        this.disk = disk;
        this.reader = reader;
        this.running = running;
    }

    @Override
    public boolean owns(Path file) {
        return folders.isRule(file) || imported.contains(file);
    }

    @Override
    public List<Path> folders() {
        return folders.folders();
    }

    @Override
    public Collection<Path> files() {
        return imported.stream().filter(file -> !folders.isRule(file)).toList();
    }

    @Override
    public List<Refusal> apply(Map<Path, Optional<String>> changes) {
        changes.forEach((file, text) -> text.ifPresentOrElse(t -> texts.put(file, t), () -> texts.remove(file)));
        Map<Path, Refusal> now = new TreeMap<>();
        Map<Path, Loaded> fresh = fresh(concerned(changes.keySet()), now);
        Map<Path, Loaded> before = new HashMap<>(accepted);
        accepted.keySet().retainAll(texts.keySet());
        while (refuseOneDuplicate(fresh, now)) {
            // the last accepted text of the refused file is in effect again, and its names may exclude another file
        }
        fresh.forEach((file, loaded) ->
                loaded.rules().forEach(rule -> rule.notices().forEach(notice -> LOG.warn("file={}:{}", file, notice))));
        accepted.putAll(fresh);
        accepted.values().forEach(loaded -> imported.addAll(loaded.read()));
        refused.clear();
        refused.addAll(now.keySet());
        if (!accepted.equals(before)) {
            running.accept(byName(accepted));
        }
        return List.copyOf(now.values());
    }

    @Override
    public List<Refusal> check(Map<Path, String> given) {
        Map<Path, Optional<String>> all = new TreeMap<>();
        given.forEach((file, text) -> all.put(file, Optional.of(text)));
        return new RuleFiles(folders, disk, offline, offline, rules -> {}).apply(all);
    }

    /** Called when all files have been read once. */
    void complete() {
        if (accepted.isEmpty()) {
            running.accept(Map.of());
        }
    }

    /** The files to read again: those that changed, those that import one of them, and those that were refused. */
    private Set<Path> concerned(Set<Path> changed) {
        Set<Path> concerned = new TreeSet<>(changed);
        concerned.addAll(refused);
        accepted.forEach((file, loaded) -> {
            if (loaded.read().stream().anyMatch(changed::contains)) {
                concerned.add(file);
            }
        });
        concerned.retainAll(texts.keySet());
        concerned.removeIf(file -> !folders.isRule(file));
        return concerned;
    }

    private Map<Path, Loaded> fresh(Set<Path> files, Map<Path, Refusal> now) {
        Map<Path, Loaded> fresh = new TreeMap<>();
        for (Path file : files) {
            try {
                fresh.put(
                        file,
                        reader.read(file, f -> Optional.ofNullable(texts.get(f)).or(() -> disk.apply(f))));
            } catch (RuleException e) {
                now.put(file, new Refusal(file, e.line(), e.getMessage()));
            } catch (RuntimeException | StackOverflowError e) {
                LOG.error("file={} The file cannot be read as a rule", file, e);
                now.put(file, new Refusal(file, null, "the file cannot be read as a rule: " + e));
            }
        }
        return fresh;
    }

    /** @return whether a file was refused because another one has a rule of the same name */
    private boolean refuseOneDuplicate(Map<Path, Loaded> fresh, Map<Path, Refusal> now) {
        Map<String, Path> owners = new HashMap<>();
        accepted.forEach((file, loaded) -> {
            if (!fresh.containsKey(file)) {
                loaded.rules().forEach(rule -> owners.put(rule.rule().name(), file));
            }
        });
        for (Map.Entry<Path, Loaded> entry : fresh.entrySet()) {
            for (AlertRule rule : entry.getValue().rules()) {
                Path owner = owners.putIfAbsent(rule.rule().name(), entry.getKey());
                if (owner != null) {
                    now.put(
                            entry.getKey(),
                            new Refusal(
                                    entry.getKey(),
                                    rule.rule().fileOptions().line("name"),
                                    "name: " + owner + " has a rule named '"
                                            + rule.rule().name() + "' already; give this one another name"));
                    fresh.remove(entry.getKey());
                    return true;
                }
            }
        }
        return false;
    }

    private static Map<String, AlertRule> byName(Map<Path, Loaded> files) {
        Map<String, AlertRule> rules = new LinkedHashMap<>();
        files.values()
                .forEach(loaded ->
                        loaded.rules().forEach(rule -> rules.put(rule.rule().name(), rule)));
        return rules;
    }
}
