package serai.watch.search;

import com.fasterxml.jackson.databind.JsonNode;
import serai.watch.query.QueryLanguage;

/** What a server says it is. */
record ServerProduct(String name, String version) {

    /** One that does not let us ask. */
    static final ServerProduct UNKNOWN = new ServerProduct("Elasticsearch", "");

    static ServerProduct of(JsonNode answer) {
        JsonNode version = answer.path("version");
        if (!version.isObject()) {
            return UNKNOWN;
        }
        boolean openSearch = version.path("distribution").asText().equalsIgnoreCase("opensearch");
        return new ServerProduct(
                openSearch ? "OpenSearch" : "Elasticsearch",
                version.path("number").asText());
    }

    /** Why it does not take questions of a kind, or null when it does. */
    String refusal(QueryLanguage kind) {
        if (kind == QueryLanguage.QUERY_DSL
                || name.equals("Elasticsearch") && !(kind == QueryLanguage.ESQL && older(8, 11))) {
            return null;
        }
        String language = kind == QueryLanguage.EQL ? "EQL" : "ES|QL";
        return this + " has no " + language + "; write the filter in the query DSL";
    }

    private boolean older(int major, int minor) {
        String[] parts = version.split("[.-]");
        if (parts.length < 2 || !parts[0].matches("\\d+") || !parts[1].matches("\\d+")) {
            return false;
        }
        int its = Integer.parseInt(parts[0]);
        return its < major || its == major && Integer.parseInt(parts[1]) < minor;
    }

    @Override
    public String toString() {
        return version.isEmpty() ? name : name + " " + version;
    }
}
