package serai.load.replicate.mapping;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A row of a test; texts in the order of the table's columns. */
record TestRow(List<String> values, Set<Integer> unchanged, Operation operation) implements SourceRow {

    static TestRow of(String... values) {
        return new TestRow(Arrays.asList(values), Set.of(), Operation.INSERT);
    }

    TestRow without(Integer... columns) {
        return new TestRow(values, Set.of(columns), operation);
    }

    TestRow by(Operation other) {
        return new TestRow(values, unchanged, other);
    }

    /** The values that arrive, by name; unchanged ones are left out. */
    static Map<String, String> arriving(TablePlan plan, SourceRow row) {
        Map<String, String> arriving = new LinkedHashMap<>();
        plan.columns().stream()
                .filter(column -> !column.isUnchanged(row))
                .forEach(column -> arriving.put(column.name(), column.value(row)));
        return arriving;
    }

    /** A table from {@code public.users (id integer, name text) key (id)}. */
    static SourceTable table(String text) {
        String[] parts = text.split(" \\(| key ", 3);
        String[] names = parts[0].split("\\.");
        List<SourceColumn> columns = new ArrayList<>();
        for (String column : parts[1].replaceFirst("\\)$", "").split(", ")) {
            String[] words = column.split(" ", 2);
            columns.add(new SourceColumn(words[0], words[1]));
        }
        List<String> key = parts.length < 3
                ? List.of()
                : List.of(parts[2].replaceAll("[()]", "").split(", "));
        return new SourceTable(names[0], names[1], columns, key);
    }

    @Override
    public String value(int column) {
        return values.get(column);
    }

    @Override
    public boolean isUnchanged(int column) {
        return unchanged.contains(column);
    }

    @Override
    public Instant committedAt() {
        return Instant.parse("2026-03-01T09:08:07.654321Z");
    }

    @Override
    public String position() {
        return "0/16B3748";
    }

    @Override
    public long sequence() {
        return 42;
    }
}
