package serai.watch.query;

import java.util.List;
import java.util.Map;
import serai.watch.python.Python;
import serai.watch.rule.Rule;

/** The languages of Elasticsearch that a query can be written in. */
public enum QueryLanguage {
    /** JSON: what most filters are, and every query that counts or aggregates. */
    QUERY_DSL(null),
    /** A filter {@code eql} is the query. */
    EQL("eql"),
    /** A filter {@code esql} is the query. */
    ESQL("esql");

    private final String filter;

    QueryLanguage(String filter) {
        this.filter = filter;
    }

    /** The language in which a rule's documents are searched, as its filters have it. */
    public static QueryLanguage of(Rule rule) {
        return EQL.text(rule) != null ? EQL : ESQL.text(rule) != null ? ESQL : QUERY_DSL;
    }

    /** The path at which a server takes such a query. */
    public String path(List<String> indices) {
        return switch (this) {
            case QUERY_DSL -> "/_msearch";
            case EQL -> "/" + String.join(",", indices) + "/_eql/search";
            case ESQL -> "/_query";
        };
    }

    /** The query that a rule has in this language, of several the last; null when it has none. */
    String text(Rule rule) {
        String text = null;
        for (Object entry : rule.filters()) {
            if (entry instanceof Map<?, ?> map && Python.truthy(map.get(filter))) {
                text = Python.str(map.get(filter));
            }
        }
        return text;
    }
}
