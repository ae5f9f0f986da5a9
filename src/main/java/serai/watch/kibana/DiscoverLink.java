package serai.watch.kibana;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import serai.watch.python.Python;
import serai.watch.rule.Rule;
import serai.watch.rule.Timestamps;

/**
 * The link to Kibana's or OpenSearch's Discover for a match: with the rule's filters, the match's query key, and the
 * time around the match ({@code docs/reference/kibana.md}, "Discover links").
 */
enum DiscoverLink {
    KIBANA("kibana"),
    OPENSEARCH("opensearch");

    private static final Duration AROUND = Duration.ofMinutes(10);

    private final String product;

    DiscoverLink(String product) {
        this.product = product;
    }

    /** The field of a match that holds the link. */
    String field() {
        return product + "_discover_url";
    }

    /** The absolute link; empty when the rule does not ask for one, or names no app or index pattern. */
    Optional<String> url(Rule rule, Map<String, Object> match) {
        return relative(rule, match).map(url -> withTenant(rule, joined(option(rule, product + "_url"), url)));
    }

    /** The link as the rule gives it, without {@code kibana_url}. */
    Optional<String> relative(Rule rule, Map<String, Object> match) {
        String app = option(rule, product + "_discover_app_url");
        String index = option(rule, product + "_discover_index_pattern_id");
        if (!rule.flag("generate_" + product + "_discover_url", false) || app.isEmpty() || index.isEmpty()) {
            return Optional.empty();
        }
        String url = app + "?_g=" + quoted(Rison.of(global(rule, match)));
        DiscoverFilters filters = new DiscoverFilters(this, rule, index);
        Object configured = rule.option(product + "_discover_columns");
        Object columns = configured == null ? List.of("_source") : configured;
        if (this == KIBANA) {
            return Optional.of(url + "&_a="
                    + quoted(Rison.of(Map.of(
                            "columns", columns, "filters", filters.of(match), "index", index, "interval", "auto"))));
        }
        Object state = Map.of(
                "discover",
                Map.of("columns", columns, "isDirty", false, "sort", List.of()),
                "metadata",
                Map.of("indexPattern", index, "view", "discover"));
        return Optional.of(url + "&_a=" + quoted(Rison.of(state)) + "&_q="
                + quoted(Rison.of(Map.of(
                        "filters",
                        filters.of(match),
                        "query",
                        new TreeMap<>(Map.of("language", "lucene", "query", ""))))));
    }

    private Map<String, Object> global(Rule rule, Map<String, Object> match) {
        Instant time = rule.timeOf(match);
        Duration around = rule.timeframe() == null ? AROUND : rule.timeframe();
        Duration before =
                rule.option(product + "_discover_from_timedelta") instanceof Duration configured ? configured : around;
        Duration after =
                rule.option(product + "_discover_to_timedelta") instanceof Duration configured ? configured : around;
        return Map.of(
                "filters",
                List.of(),
                "refreshInterval",
                Map.of("pause", true, "value", 0),
                "time",
                Map.of("from", Timestamps.write(time.minus(before)), "to", Timestamps.write(time.plus(after))));
    }

    private static String option(Rule rule, String name) {
        return rule.option(name) == null ? "" : Python.str(rule.option(name));
    }

    private static String quoted(String text) {
        return formEncoded(text).replace("+", "%20").replace("%2F", "/");
    }

    private static String formEncoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8)
                .replace("*", "%2A")
                .replace("%7E", "~");
    }

    /** Resolves a link against its page, as a browser does. */
    static String joined(String base, String url) {
        if (base.isEmpty()) {
            return url;
        }
        try {
            return URI.create(base).resolve(URI.create(url)).toString();
        } catch (IllegalArgumentException e) {
            int path = base.indexOf('/', base.indexOf("://") + 3);
            String folder =
                    path < 0 ? base + "/" : base.substring(0, url.startsWith("/") ? path : base.lastIndexOf('/') + 1);
            return url.contains("://") ? url : folder + (path < 0 && url.startsWith("/") ? url.substring(1) : url);
        }
    }

    /** Adds the tenant of a multi-tenant Kibana to the query, which is before the fragment. */
    String withTenant(Rule rule, String url) {
        String tenant = option(rule, product + "_discover_security_tenant");
        if (tenant.isEmpty() || this != KIBANA) {
            return url;
        }
        int end = url.indexOf('#') < 0 ? url.length() : url.indexOf('#');
        String before = url.substring(0, end);
        String parameter = "security_tenant=" + formEncoded(tenant);
        return before + (before.indexOf('?') < 0 ? "?" : "&") + parameter + url.substring(end);
    }
}
