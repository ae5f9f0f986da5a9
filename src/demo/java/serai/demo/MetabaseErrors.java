package serai.demo;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Metabase's error replies: docs/reference/metabase.md, "Sessions", "Errors" and "Query failures". */
final class MetabaseErrors {

    static final String PAGE = """
            <!DOCTYPE html>
            <html lang="en" translate="no"><head><meta charset="utf-8"/><title>Metabase</title></head>
            <body><div id="root"></div>
            <script type="application/json" id="_metabaseBootstrap">{"site-name":"Metabase"}</script></body></html>
            """;

    private MetabaseErrors() {}

    static RequestRefusal unauthenticated() {
        return RequestRefusal.text(401, "Unauthenticated");
    }

    static RequestRefusal forbidden() {
        return RequestRefusal.text(403, "You don't have permissions to do that.");
    }

    static RequestRefusal notFound() {
        return RequestRefusal.text(404, "Not found.");
    }

    static RequestRefusal noEndpoint() {
        return RequestRefusal.text(404, "API endpoint does not exist.");
    }

    static RequestRefusal page() {
        return RequestRefusal.html(200, PAGE);
    }

    static RequestRefusal badGateway() {
        return RequestRefusal.html(
                502, "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>\n");
    }

    static RequestRefusal unavailable() {
        return RequestRefusal.text(503, "An attempt by a client to checkout a Connection has timed out.");
    }

    /** 400 with the field's name, as for a body that does not fit the endpoint. */
    static RequestRefusal field(int status, String field, String error) {
        return RequestRefusal.json(
                status, Map.of("errors", Map.of(field, error), "specific-errors", Map.of(field, List.of(error))));
    }

    /** {@code Throwable->map}, which every exception without a status becomes. */
    static RequestRefusal thrown(String message) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("via", List.of(Map.of("type", "clojure.lang.ExceptionInfo", "message", message)));
        body.put(
                "trace",
                List.of(List.of("metabase.query_processor.card$check_allowed", "invokeStatic", "card.clj", 174)));
        body.put("cause", message);
        body.put("message", message);
        return RequestRefusal.json(500, body);
    }

    /** The JSON of a query that failed; it begins with {@code {"database_id":1,} in all versions. */
    static Map<String, Object> failedQuery(String error) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("database_id", 1);
        map.put("started_at", Instant.now().toString());
        map.put(
                "via",
                List.of(Map.of(
                        "status", "failed", "class", "class org.postgresql.util.PSQLException", "error", error)));
        map.put("error_type", "invalid-query");
        map.put("status", "failed");
        map.put("class", "class org.postgresql.util.PSQLException");
        map.put(
                "stacktrace",
                List.of("org.postgresql.core.v3.QueryExecutorImpl.receiveErrorResponse(QueryExecutorImpl.java:2733)"));
        map.put("context", "csv-download");
        map.put("error", error);
        map.put("row_count", 0);
        map.put("running_time", 0);
        map.put("data", Map.of("rows", List.of(), "cols", List.of()));
        return map;
    }
}
