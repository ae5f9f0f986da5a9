package serai.watch.kibana;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import serai.http.BoundedBody;
import serai.http.TrustAllCertificates;
import serai.watch.python.Python;
import serai.watch.rule.Rule;

/**
 * Short addresses by Kibana's own service ({@code shorten_kibana_discover_url}): {@code api/short_url} since 7.16,
 * {@code api/shorten_url} before. Asked without waiting, by few at a time and for two seconds at most; a Kibana that
 * failed is left alone for a minute, so that it holds up no alert.
 */
public final class KibanaShortLinks implements ShortLinks {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LONGEST = Duration.ofSeconds(2);
    private static final long PAUSE_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final int AT_ONCE = 8;

    /** By whether certificates are checked; made when a rule first wants one, since each has a thread. */
    private final Map<Boolean, HttpClient> clients = new ConcurrentHashMap<>();

    private final Semaphore free = new Semaphore(AT_ONCE);
    private final Map<String, Long> failedAt = new ConcurrentHashMap<>();

    private static HttpClient client(boolean verify) {
        HttpClient.Builder client = HttpClient.newBuilder()
                .connectTimeout(LONGEST)
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER);
        return (verify ? client : client.sslContext(TrustAllCertificates.context())).build();
    }

    @Override
    public CompletableFuture<String> shorten(Rule rule, String path) {
        String base = option(rule, "kibana_url");
        Long failed = failedAt.get(base);
        if (failed != null && System.nanoTime() - failed < PAUSE_NANOS) {
            return CompletableFuture.failedFuture(
                    new IOException("Kibana's short addresses failed less than a minute ago"));
        }
        if (!free.tryAcquire()) {
            return CompletableFuture.failedFuture(new IOException("too many short addresses are asked for at once"));
        }
        try {
            HttpClient client =
                    clients.computeIfAbsent(rule.flag("kibana_verify_certs", true), KibanaShortLinks::client);
            return client.sendAsync(request(rule, base, path), BoundedBody.handler())
                    .orTimeout(LONGEST.toMillis(), TimeUnit.MILLISECONDS)
                    .thenApply(answer -> address(rule, base, answer))
                    .whenComplete((address, failure) -> settle(base, failure));
        } catch (IllegalArgumentException e) {
            free.release();
            return CompletableFuture.failedFuture(new IOException("kibana_url is no address"));
        }
    }

    private void settle(String base, Throwable failure) {
        free.release();
        if (failure == null) {
            failedAt.remove(base);
        } else {
            failedAt.put(base, System.nanoTime());
        }
    }

    private static HttpRequest request(Rule rule, String base, String path) {
        boolean current = isCurrent(option(rule, "kibana_discover_version"));
        ObjectNode body = JSON.createObjectNode();
        if (current) {
            body.put("locatorId", "LEGACY_SHORT_URL_LOCATOR")
                    .putObject("params")
                    .put("url", path);
        } else {
            body.put("url", path);
        }
        String address = withTenant(rule, DiscoverLink.joined(base, current ? "api/short_url" : "api/shorten_url"));
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address))
                .timeout(LONGEST)
                .header("kbn-xsrf", "elastalert")
                .header("osd-xsrf", "elastalert")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()));
        if (!option(rule, "kibana_username").isEmpty()
                && !option(rule, "kibana_password").isEmpty()) {
            String login = option(rule, "kibana_username") + ":" + option(rule, "kibana_password");
            request.header(
                    "Authorization",
                    "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8)));
        }
        return request.build();
    }

    private static String address(Rule rule, String base, HttpResponse<byte[]> answer) {
        try {
            JsonNode body = answer.statusCode() / 100 == 2 ? JSON.readTree(answer.body()) : JSON.createObjectNode();
            String id = body.path(isCurrent(option(rule, "kibana_discover_version")) ? "id" : "urlId")
                    .asText();
            if (id.isEmpty()) {
                throw new CompletionException(
                        new IOException("Kibana answered " + answer.statusCode() + " without a short address"));
            }
            return withTenant(rule, DiscoverLink.joined(base, "goto/" + URLEncoder.encode(id, StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new CompletionException(new IOException("Kibana's answer is no JSON", e));
        }
    }

    private static String withTenant(Rule rule, String url) {
        return DiscoverLink.KIBANA.withTenant(rule, url);
    }

    private static String option(Rule rule, String name) {
        return rule.option(name) == null ? "" : Python.str(rule.option(name));
    }

    /** 7.16 or newer, or not said. */
    private static boolean isCurrent(String version) {
        String[] parts = version.strip().split("\\.");
        if (parts.length < 2
                || !(parts[0] + parts[1]).matches("\\d{1,8}")
                || version.strip().equals("0.0")) {
            return true;
        }
        int major = Integer.parseInt(parts[0]);
        return major > 7 || major == 7 && Integer.parseInt(parts[1]) >= 16;
    }
}
