package serai.elasticsearch;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * The product and version that a server reports.
 *
 * @param name Elasticsearch or OpenSearch
 * @param version such as 8.19.9; empty when it is unknown
 */
public record ServerProduct(String name, String version) {

    /** For a server that does not report it. */
    static final ServerProduct UNKNOWN = new ServerProduct("Elasticsearch", "");

    /** @param reply of {@code GET /} */
    static ServerProduct of(JsonNode reply) {
        JsonNode version = reply.path("version");
        if (!version.isObject()) {
            return UNKNOWN;
        }
        boolean openSearch = version.path("distribution").asText().equalsIgnoreCase("opensearch");
        return new ServerProduct(
                openSearch ? "OpenSearch" : "Elasticsearch",
                version.path("number").asText());
    }

    /** Whether it is Elasticsearch, or may be. */
    public boolean isElasticsearch() {
        return name.equals("Elasticsearch");
    }

    /** Whether the version is known to be older. */
    public boolean isOlderThan(int major, int minor) {
        String[] parts = version.split("[.-]");
        if (parts.length < 2 || !parts[0].matches("\\d+") || !parts[1].matches("\\d+")) {
            return false;
        }
        int ownMajor = Integer.parseInt(parts[0]);
        return ownMajor < major || ownMajor == major && Integer.parseInt(parts[1]) < minor;
    }

    @Override
    public String toString() {
        return version.isEmpty() ? name : name + " " + version;
    }
}
