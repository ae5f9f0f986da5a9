package serai.load.replicate.mapping;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** The rules of a file, while and after it is read. */
final class MappingRules {

    private final List<SelectionRule> selections = new ArrayList<>();
    private final List<TransformationRule> transformations = new ArrayList<>();
    private final List<HistoryRule> history = new ArrayList<>();
    /** By rule-id. */
    private final TreeMap<Long, ClassifiedRule> classified = new TreeMap<>();

    /** Tables whose every version is kept. */
    record HistoryRule(FilePosition at, NamePattern schema, NamePattern table) {
        boolean matches(SourceTable candidate) {
            return schema.matches(candidate.schema()) && table.matches(candidate.name());
        }
    }

    void add(SelectionRule rule) {
        selections.add(rule);
    }

    void add(TransformationRule rule) {
        transformations.add(rule);
    }

    void add(HistoryRule rule) {
        history.add(rule);
    }

    void classify(ClassifiedRule rule) {
        classified.put(rule.id(), rule);
    }

    boolean knows(long id) {
        return classified.containsKey(id);
    }

    List<SelectionRule> selections() {
        return selections;
    }

    /** In the order of rule-ids: of two rules for one aspect of an object the lower id wins. */
    List<TransformationRule> transformations() {
        return transformations.stream()
                .sorted((a, b) -> Long.compare(a.id(), b.id()))
                .toList();
    }

    List<HistoryRule> history() {
        return history;
    }

    List<ClassifiedRule> classified() {
        return List.copyOf(classified.values());
    }
}
