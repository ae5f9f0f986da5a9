package serai.refresh;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import serai.warehouse.Relation;
import serai.warehouse.SelectText;

/** A SELECT in dbt's terms: relations by {@code ref()} and {@code source()}, parameters by variables. */
final class DbtSql {

    private static final String HEADER_LINE = "(?m)^[ \\t]*--[ \\t]*@.*\\R?";
    private static final String EMPTY_COMMENTS = "\\A(?:\\s*--[ \\t]*\\R)+";

    private final Map<String, String> names = new TreeMap<>();
    private final Map<String, String> parameters;

    /**
     * @param reads what it may read: names of nodes, and {@code schema.name} of sources
     * @param parameters what to write for each parameter
     */
    DbtSql(Iterable<String> reads, Map<String, String> parameters) {
        this.parameters = parameters;
        for (String read : reads) {
            if (read.contains(".")) {
                Relation source = Relation.of(read);
                names.put(read, source(source));
                names.putIfAbsent(source.name(), source(source));
            } else {
                names.put(read, ref(read));
            }
        }
    }

    static String ref(String node) {
        return "{{ ref('" + node + "') }}";
    }

    static String source(Relation source) {
        return "{{ source('" + source.schema() + "', '" + source.name() + "') }}";
    }

    /** The text of a file without its header. */
    String of(SelectText select) {
        List<String> written = new ArrayList<>();
        String sql = select.rewritten(
                parameter -> mark(written, parameters.get(parameter)),
                relation -> names.containsKey(relation) ? mark(written, names.get(relation)) : null);
        sql = literal(
                sql.replaceAll(HEADER_LINE, "").replaceFirst(EMPTY_COMMENTS, "").strip());
        for (int i = 0; i < written.size(); i++) {
            sql = sql.replace("\u0001" + i + "\u0001", written.get(i));
        }
        return sql + "\n";
    }

    /** The statements of a script without its header; names of relations stay as they are. */
    static String ofScript(String text) {
        String sql = literal(text.replaceAll(HEADER_LINE, "")
                .replaceFirst(EMPTY_COMMENTS, "")
                .strip());
        for (Map.Entry<String, String> parameter : DbtModel.PARAMETERS.entrySet()) {
            sql = sql.replaceAll(
                    "(?<!:):" + parameter.getKey() + "\\b", Matcher.quoteReplacement(parameter.getValue()));
        }
        return sql;
    }

    /** A place that is filled after the rest was escaped; SQL has no such character. */
    private static String mark(List<String> written, String text) {
        written.add(text);
        return "\u0001" + (written.size() - 1) + "\u0001";
    }

    /** A text that Jinja gives back as it is. */
    static String literal(String text) {
        return text.replaceAll("\\{([{%#])", "{{ '{$1' }}");
    }
}
