package serai.watch.kibana;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.support.ClassicRequestBuilder;
import org.apache.hc.core5.io.CloseMode;
import serai.http.BoundedReplies;
import serai.http.HostAlias;
import serai.http.HttpOptions;
import serai.http.TlsOptions;
import serai.watch.python.Python;
import serai.watch.rule.Rule;

/**
 * Short links by Kibana's own service ({@code shorten_kibana_discover_url}): {@code api/short_url} since 7.16,
 * {@code api/shorten_url} before. No alert waits long for one: a link is given up after two seconds, only a few are
 * requested at once, and a Kibana that failed is not asked for a minute.
 */
public final class KibanaShortLinks implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final int MAX_REPLY_BYTES = 64 * 1024;
    private static final long PAUSE_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final int MAX_REQUESTS = 8;
    private static final long IDLE_SECONDS = 10;

    /** By whether the certificate is checked. */
    private final Map<Boolean, CloseableHttpClient> clients = new ConcurrentHashMap<>();

    private final ExecutorService threads = new ThreadPoolExecutor(
            0, MAX_REQUESTS, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), KibanaShortLinks::thread);
    private final Map<String, Long> failedAt = new ConcurrentHashMap<>();

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "kibana-short-links");
        thread.setDaemon(true);
        return thread;
    }

    private static CloseableHttpClient client(boolean verify) {
        TlsOptions tls = new TlsOptions(verify, null, null, null);
        return new HttpOptions(tls, null, TIMEOUT, TIMEOUT, BoundedReplies.of(MAX_REPLY_BYTES, TIMEOUT)).newClient();
    }

    /**
     * Requests a short link without blocking; when it fails, the long link is used.
     *
     * @param rule its options name the Kibana and the user
     * @param path the link, from Kibana's root
     */
    CompletableFuture<String> shorten(Rule rule, String path) {
        String base = option(rule, "kibana_url");
        Long failed = failedAt.get(base);
        if (failed != null && System.nanoTime() - failed < PAUSE_NANOS) {
            return CompletableFuture.failedFuture(
                    new IOException("Kibana failed to make a short link less than a minute ago"));
        }
        try {
            return CompletableFuture.supplyAsync(() -> shorten(rule, base, path), threads)
                    .orTimeout(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                    .whenComplete((url, failure) -> remember(base, failure));
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(new IOException("too many short links are requested at once"));
        }
    }

    private void remember(String base, Throwable failure) {
        if (failure == null) {
            failedAt.remove(base);
        } else {
            failedAt.put(base, System.nanoTime());
        }
    }

    private String shorten(Rule rule, String base, String path) {
        try {
            return clients.computeIfAbsent(rule.flag("kibana_verify_certs", true), KibanaShortLinks::client)
                    .execute(request(rule, base, path), reply -> url(rule, base, reply));
        } catch (IllegalArgumentException e) {
            throw new CompletionException(new IOException("kibana_url is not an address"));
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }

    private static ClassicHttpRequest request(Rule rule, String base, String path) {
        boolean current = isCurrent(option(rule, "kibana_discover_version"));
        ObjectNode body = JSON.createObjectNode();
        if (current) {
            body.put("locatorId", "LEGACY_SHORT_URL_LOCATOR")
                    .putObject("params")
                    .put("url", path);
        } else {
            body.put("url", path);
        }
        ClassicRequestBuilder request = ClassicRequestBuilder.post(HostAlias.in(
                        withTenant(rule, DiscoverLink.joined(base, current ? "api/short_url" : "api/shorten_url"))))
                .addHeader("kbn-xsrf", "elastalert")
                .addHeader("osd-xsrf", "elastalert")
                .setEntity(body.toString(), ContentType.APPLICATION_JSON);
        if (!option(rule, "kibana_username").isEmpty()
                && !option(rule, "kibana_password").isEmpty()) {
            String login = option(rule, "kibana_username") + ":" + option(rule, "kibana_password");
            request.addHeader(
                    "Authorization",
                    "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8)));
        }
        return request.build();
    }

    private static String url(Rule rule, String base, ClassicHttpResponse reply) throws IOException {
        try (InputStream in = reply.getEntity() == null
                ? InputStream.nullInputStream()
                : reply.getEntity().getContent()) {
            JsonNode body = reply.getCode() / 100 == 2 ? JSON.readTree(in.readAllBytes()) : JSON.createObjectNode();
            String id = body.path(isCurrent(option(rule, "kibana_discover_version")) ? "id" : "urlId")
                    .asText();
            if (id.isEmpty()) {
                throw new IOException("Kibana answered " + reply.getCode() + " without a short link");
            }
            return withTenant(rule, DiscoverLink.joined(base, "goto/" + URLEncoder.encode(id, StandardCharsets.UTF_8)));
        } catch (JsonProcessingException e) {
            throw new IOException("Kibana's reply is not JSON", e);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
        clients.values().forEach(client -> client.close(CloseMode.GRACEFUL));
    }

    private static String withTenant(Rule rule, String url) {
        return DiscoverLink.KIBANA.withTenant(rule, url);
    }

    private static String option(Rule rule, String name) {
        return rule.option(name) == null ? "" : Python.str(rule.option(name));
    }

    /** Whether the version is 7.16 or newer, or unknown. */
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
