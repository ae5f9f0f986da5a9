package serai.elasticsearch;

import java.net.URI;
import java.util.List;
import java.util.stream.Collectors;
import serai.http.HostAlias;
import serai.http.HttpOptions;

/**
 * A cluster of Elasticsearch or OpenSearch, and how it is reached. Equal servers share a client. Secrets are compared
 * and never printed.
 *
 * @param hosts addresses of one cluster, as {@link HostAlias} reads them: scheme, host, port and path prefix; the first
 *     that answers is used
 * @param authorization the value of the header {@code Authorization}, or null
 * @param http TLS, proxy, time-outs and bounds
 */
public record ElasticsearchServer(List<URI> hosts, String authorization, HttpOptions http) {

    /** The addresses, for messages. */
    @Override
    public String toString() {
        return hosts.stream().map(URI::getAuthority).map(HostAlias::real).collect(Collectors.joining(","));
    }
}
