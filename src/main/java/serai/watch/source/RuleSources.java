package serai.watch.source;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import serai.warehouse.SelectText;
import serai.warehouse.SqlSyntaxException;
import serai.watch.rule.Options;
import serai.watch.rule.Rule;
import serai.watch.rule.RuleException;

/**
 * The option {@code source} of rules: {@code elasticsearch}, as in ElastAlert; {@code warehouse}, the rows of a
 * {@code query}; or {@code matches}, the matches of other rules. For the last two it adds the options that every rule
 * has.
 */
public final class RuleSources {

    /** The time column of a query, unless {@code timestamp_field} names another. */
    static final String TIME_COLUMN = "at";

    static final Map<String, String> WINDOW = Map.of("from", "timestamptz", "to", "timestamptz");
    private static final Set<String> SOURCES = Set.of("elasticsearch", "warehouse", "matches");
    private static final Pattern FILE = Pattern.compile("[\\w./-]+\\.sql");
    private static final List<String> ELASTICSEARCH_ONLY = List.of(
            "index",
            "use_strftime_index",
            "search_extra_index",
            "include_fields",
            "es_host",
            "es_port",
            "es_hosts",
            "es_url_prefix",
            "es_username",
            "es_password",
            "es_bearer",
            "es_api_key",
            "metric_agg_script",
            "generate_kibana_discover_url",
            "generate_opensearch_discover_url",
            "query_timezone");

    private RuleSources() {}

    /** Whether a rule reads search servers, and not the warehouse. */
    public static boolean isElasticsearch(Rule rule) {
        return rule.option("source") == null || "elasticsearch".equals(rule.option("source"));
    }

    /**
     * The file with a rule's query, relative to the project's folder; empty when the rule itself has the query, or has
     * none.
     */
    public static Optional<Path> queryFile(Options given) {
        return "warehouse".equals(given.value("source"))
                        && given.value("query") instanceof String query
                        && isFile(query)
                ? Optional.of(Path.of(query.strip()))
                : Optional.empty();
    }

    private static boolean isFile(String query) {
        return FILE.matcher(query.strip()).matches();
    }

    /**
     * The options with what the source adds: the text of a query in place of its file, an index and a time field.
     *
     * @param given the options of the rule's file
     * @param files gives the text of a file of the project, by its path relative to the project's folder; empty when
     *     there is none
     * @throws RuleException when the source is not known, its query is wrong, or an option does not go with it
     */
    public static Options prepare(Options given, Function<Path, Optional<String>> files) throws RuleException {
        String source = given.oneOf("source", SOURCES, "elasticsearch");
        Map<String, Object> options = new LinkedHashMap<>(given.values());
        if (source.equals("elasticsearch")) {
            options.remove("source");
            return given.withValues(options);
        }
        refuseWhatIsForElasticsearch(given, source);
        options.putIfAbsent("timestamp_field", TIME_COLUMN);
        options.put("index", source);
        // the rule type itself looks at each row; the filter that Elasticsearch gets is in its own language
        options.put("filter_by_list", false);
        // a column has no keyword field beside it
        options.put("raw_count_keys", false);
        if (source.equals("matches")) {
            refuseQuery(given);
            given.texts("rules");
            options.put("query", MatchTable.QUERY);
            options.put("id_column", MatchTable.ID);
        } else {
            options.put("query", queryText(given, files));
            options.put("id_column", given.text("id_column", null));
            queryFile(given).ifPresent(file -> options.put("query_file", file.toString()));
            checkSelect(given, (String) options.get("query"));
        }
        return given.withValues(options);
    }

    private static void refuseWhatIsForElasticsearch(Options given, String source) throws RuleException {
        for (String option : ELASTICSEARCH_ONLY) {
            if (given.has(option) && !Boolean.FALSE.equals(given.value(option))) {
                throw given.refused(option, "has no meaning with source: " + source + "; remove it");
            }
        }
        if (!given.oneOf("timestamp_type", Set.of("iso", "unix", "unix_ms", "custom"), "iso")
                .equals("iso")) {
            throw given.refused(
                    "timestamp_type",
                    "has no meaning with source: " + source + ": its times are real times; remove it");
        }
        if (!given.flag("_source_enabled", true)) {
            throw given.refused("_source_enabled", "has no meaning with source: " + source + "; remove it");
        }
        RowFilter.of(given, "filter");
        RowFilter.of(given, "match_bucket_filter");
    }

    private static void refuseQuery(Options given) throws RuleException {
        if (given.has("query")) {
            throw given.refused(
                    "query",
                    "has no meaning with source: matches, which reads what the rules named in 'rules' found;"
                            + " remove it");
        }
    }

    private static String queryText(Options given, Function<Path, Optional<String>> files) throws RuleException {
        String query = given.requiredText(
                "query",
                "is required with source: warehouse: a select, or the path of a file with one,"
                        + " such as sql/checks/signups.sql");
        if (!isFile(query)) {
            return query;
        }
        try {
            Path file = Path.of(query.strip());
            if (file.isAbsolute() || !file.equals(file.normalize()) || file.startsWith("..")) {
                throw given.refused(
                        "query", "name the file by its path from the project's folder, such as sql/checks/signups.sql");
            }
            return files.apply(file)
                    .orElseThrow(() -> given.refused("query", "there is no file " + file + " in the project's folder"));
        } catch (InvalidPathException e) {
            throw given.refused("query", "is no path of a file");
        }
    }

    private static void checkSelect(Options given, String query) throws RuleException {
        try {
            SelectText.of(query, WINDOW);
        } catch (SqlSyntaxException e) {
            throw given.refused("query", place(given, e.line()) + e.getMessage());
        }
    }

    /** Where in the query: the line of its file, or of the text in the rule. */
    static String place(Options given, Integer line) {
        String file = given.value("query_file") instanceof String name
                ? name
                : queryFile(given).map(Path::toString).orElse(null);
        if (file != null) {
            return file + (line == null ? "" : ":" + line) + ": ";
        }
        return line == null ? "" : "line " + line + " of the query: ";
    }
}
