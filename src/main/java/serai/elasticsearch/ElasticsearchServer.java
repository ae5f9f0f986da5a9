package serai.elasticsearch;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Where questions go, and how. Rules with the same of all this are asked together. Secrets are compared, and never
 * printed.
 *
 * @param hosts addresses of one cluster, scheme, host, port and path prefix; the first that answers is used
 * @param authorization the value of the header of that name, or null
 * @param verified whether the server's certificate is checked
 * @param authorities PEM file of the certificates that sign the server's, or null for those that Java trusts
 * @param certificate PEM file of our own certificate, or null
 * @param key PEM file of its key, or null
 * @param proxy address of an HTTP proxy, with user and password if it wants them, or null
 * @param timeout how long an answer may be waited for
 */
public record ElasticsearchServer(
        List<URI> hosts,
        String authorization,
        boolean verified,
        Path authorities,
        Path certificate,
        Path key,
        URI proxy,
        Duration timeout) {

    /** The addresses, for messages. */
    public String name() {
        return hosts.stream().map(URI::getAuthority).collect(Collectors.joining(","));
    }

    @Override
    public String toString() {
        return name();
    }
}
