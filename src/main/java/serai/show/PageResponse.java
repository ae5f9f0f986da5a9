package serai.show;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import serai.status.Condition;
import serai.status.LatestStatus;
import serai.status.WarehouseUnavailableException;

/**
 * Answers a request for the page with the values of its template: {@link PageView}, or a sentence and 503 when the
 * warehouse does not answer.
 */
final class PageResponse implements Processor {

    private final LatestStatus latest;
    private final String style = resource("page.css");
    private final String script = resource("page.js");
    private final String policy = "default-src 'none'; style-src " + hash(style) + "; script-src " + hash(script)
            + "; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    PageResponse(LatestStatus latest) {
        this.latest = latest;
    }

    @Override
    public void process(Exchange exchange) {
        Map<String, Object> model;
        try {
            model = new HashMap<>(PageView.of(latest.get()));
            model.put("known", true);
        } catch (WarehouseUnavailableException e) {
            model = unknown(e.getMessage());
            exchange.getMessage().setHeader(Exchange.HTTP_RESPONSE_CODE, 503);
        }
        model.put("style", style);
        model.put("script", script);
        exchange.getMessage().setHeader("Content-Security-Policy", policy);
        exchange.getMessage().setBody(model);
    }

    private static Map<String, Object> unknown(String sentence) {
        Instant now = Instant.now();
        Map<String, Object> model = new HashMap<>();
        model.put("now", now.truncatedTo(ChronoUnit.MILLIS).toString());
        model.put(
                "clock",
                now.truncatedTo(ChronoUnit.SECONDS).toString().replace("T", " ").replace("Z", " UTC"));
        model.put("summary", sentence);
        model.put("headline", sentence);
        model.put("word", Condition.UNKNOWN.name());
        model.put("symbol", Condition.UNKNOWN.symbol());
        model.put("look", "failed");
        model.put("notices", List.of());
        return model;
    }

    // allowed by hash, not by address: the page is one request, and a saved copy still works
    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String resource(String name) {
        try (InputStream in = PageResponse.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
