package serai.refresh;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import serai.edits.EditRefusedException;

/**
 * What a header says of a model's rows: {@code @fk}, {@code @accepted} and {@code @expect}.
 *
 * @param expect of the whole table, or null
 */
record ModelTests(List<ForeignKey> foreignKeys, List<AcceptedValues> accepted, Expectation expect) {

    static final ModelTests NONE = new ModelTests(List.of(), List.of(), null);

    private static final Pattern FOREIGN_KEY =
            Pattern.compile("([a-z_][a-z0-9_]*) in ([a-z_][a-z0-9_]*)(?:\\.([a-z_][a-z0-9_]*))?");
    private static final Pattern ACCEPTED = Pattern.compile("([a-z_][a-z0-9_]*) in (.+)");
    /** One of the values, as it is or in single quotes, in which a quote is doubled. */
    private static final Pattern VALUE = Pattern.compile("\\s*(?:'((?:[^']|'')*)'|([^',]+))\\s*(?:,|$)");

    private static final Pattern EXPECT =
            Pattern.compile("(?:rows ([0-9]{1,18})\\.\\.([0-9]{1,18}))?(, )?(?:change (%s)%%\\.\\.(%s)%%)?"
                    .formatted("[+-]?[0-9]{1,6}(?:\\.[0-9]{1,3})?", "[+-]?[0-9]{1,6}(?:\\.[0-9]{1,3})?"));

    /**
     * {@code @fk COLUMN in RELATION[.COLUMN]}.
     *
     * @param to the column of the other relation; null for the only column of its grain
     * @param line of the file
     */
    record ForeignKey(String column, String relation, String to, int line) {}

    /**
     * {@code @accepted COLUMN in VALUE, VALUE}.
     *
     * @param line of the file
     */
    record AcceptedValues(String column, List<String> values, int line) {}

    /**
     * {@code @expect rows A..B, change -X%..+Y%}.
     *
     * @param leastRows null, as the next one, when there is no bound of rows
     * @param leastChange in percent of the rows before; null, as the next one, when there is no bound of change
     */
    record Expectation(Long leastRows, Long mostRows, BigDecimal leastChange, BigDecimal mostChange) {}

    static ModelTests read(ModelHeader header) throws EditRefusedException {
        List<ForeignKey> foreignKeys = new ArrayList<>();
        for (ModelHeader.Entry entry : header.all("fk")) {
            foreignKeys.add(foreignKey(header, entry));
        }
        List<AcceptedValues> accepted = new ArrayList<>();
        for (ModelHeader.Entry entry : header.all("accepted")) {
            accepted.add(accepted(header, entry));
        }
        return new ModelTests(List.copyOf(foreignKeys), List.copyOf(accepted), expect(header));
    }

    private static ForeignKey foreignKey(ModelHeader header, ModelHeader.Entry entry) throws EditRefusedException {
        Matcher m = FOREIGN_KEY.matcher(entry.value().replaceAll("\\s+", " "));
        if (!m.matches()) {
            throw header.refuse(entry, "write: @fk COLUMN in RELATION, or RELATION.COLUMN, with lower-case names");
        }
        return new ForeignKey(m.group(1), m.group(2), m.group(3), entry.line());
    }

    private static AcceptedValues accepted(ModelHeader header, ModelHeader.Entry entry) throws EditRefusedException {
        String fix = "write: @accepted COLUMN in VALUE, VALUE; a value with a comma or quote in single quotes";
        Matcher m = ACCEPTED.matcher(entry.value());
        if (!m.matches()) {
            throw header.refuse(entry, fix);
        }
        List<String> values = new ArrayList<>();
        Matcher value = VALUE.matcher(m.group(2));
        int end = 0;
        while (end < m.group(2).length()) {
            if (!value.find(end) || value.start() != end) {
                throw header.refuse(entry, fix);
            }
            values.add(
                    value.group(1) == null
                            ? value.group(2).strip()
                            : value.group(1).replace("''", "'"));
            end = value.end();
        }
        if (m.group(2).stripTrailing().endsWith(",")
                || values.stream().distinct().count() < values.size()) {
            throw header.refuse(entry, "a value is missing or listed twice: " + fix);
        }
        return new AcceptedValues(m.group(1), List.copyOf(values), entry.line());
    }

    private static Expectation expect(ModelHeader header) throws EditRefusedException {
        String text = header.value("expect");
        if (text == null) {
            return null;
        }
        Matcher m = EXPECT.matcher(text.replaceAll("\\s*,\\s*", ", ").replaceAll("\\s+", " "));
        if (!m.matches() || (m.group(3) != null) != (m.group(1) != null && m.group(4) != null)) {
            throw header.refuse("expect", "write: @expect rows 1..1000000, change -60%..+200%; or only one of both");
        }
        Expectation expect = new Expectation(
                m.group(1) == null ? null : Long.valueOf(m.group(1)),
                m.group(2) == null ? null : Long.valueOf(m.group(2)),
                m.group(4) == null ? null : new BigDecimal(m.group(4)),
                m.group(5) == null ? null : new BigDecimal(m.group(5)));
        boolean reversed = expect.leastRows() != null && expect.leastRows() > expect.mostRows()
                || expect.leastChange() != null && expect.leastChange().compareTo(expect.mostChange()) > 0;
        if (reversed) {
            throw header.refuse("expect", "the first bound is above the second one: exchange them");
        }
        return expect;
    }
}
