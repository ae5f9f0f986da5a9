package serai.load.ga4;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.utils.DateUtils;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.entity.StringEntity;
import serai.settings.Secrets;

/** The access token of a service account: one login at a time, renewed before it expires. */
final class Ga4Login {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer";
    private static final Duration RENEWED_BEFORE_END = Duration.ofMinutes(5);
    private static final int MAX_REPLY = 1 << 16;
    private static final long WRONG_CLOCK_SECONDS = 60;

    private final CloseableHttpClient http;
    private final String keyFile;
    private final Clock clock;
    private String token;
    private Instant renewAt = Instant.MIN;

    /** @param keyFile path of the service account's key file; empty when none is set */
    Ga4Login(CloseableHttpClient http, String keyFile, Clock clock) {
        this.http = http;
        this.keyFile = keyFile;
        this.clock = clock;
    }

    /**
     * An access token, after a login if there is none that is valid. The key file is read at each login, so that a
     * replaced one takes effect.
     *
     * @throws IOException when the login fails; the message has the fix
     */
    synchronized String token() throws IOException {
        if (token == null || !clock.instant().isBefore(renewAt)) {
            token = null;
            login(account());
        }
        return token;
    }

    /** Forgets a token that Google refused, unless there is another one by now. */
    synchronized void discard(String refused) {
        if (refused.equals(token)) {
            token = null;
        }
    }

    /** @throws IOException when there is no key file, or it is none */
    ServiceAccount account() throws IOException {
        if (keyFile.isBlank()) {
            throw new IOException("Google Analytics needs the key file of a service account. Set ga4.key-file.");
        }
        return ServiceAccount.read(Path.of(keyFile));
    }

    private void login(ServiceAccount account) throws IOException {
        Instant now = clock.instant();
        String assertion = account.assertion(now);
        Secrets.add(assertion);
        HttpPost request = new HttpPost(account.tokenUri());
        request.setEntity(new StringEntity(
                "grant_type=" + URLEncoder.encode(GRANT, StandardCharsets.UTF_8) + "&assertion=" + assertion,
                ContentType.APPLICATION_FORM_URLENCODED));
        JsonNode reply = http.execute(request, response -> reply(account, response));
        String issued = reply.path("access_token").asText();
        if (issued.isEmpty()) {
            throw new IOException("Google's login of " + account + " gave no access token, because it does not know"
                    + " the scope analytics.readonly.");
        }
        Secrets.add(issued);
        token = issued;
        renewAt = now.plusSeconds(reply.path("expires_in").asLong()).minus(RENEWED_BEFORE_END);
    }

    private JsonNode reply(ServiceAccount account, ClassicHttpResponse response) throws IOException, HttpException {
        String text = response.getEntity() == null ? "" : EntityUtils.toString(response.getEntity(), MAX_REPLY);
        JsonNode json;
        try {
            json = JSON.readTree(text.isBlank() ? "{}" : text);
        } catch (JsonProcessingException e) {
            json = JSON.createObjectNode();
        }
        if (response.getCode() == 200 && json.isObject()) {
            return json;
        }
        String reason =
                json.path("error_description").asText(json.path("error").asText("status " + response.getCode()));
        throw new IOException(
                "Google refused the login of " + account + ": " + Ga4Error.shortened(reason) + fix(reason, response));
    }

    private String fix(String reason, ClassicHttpResponse response) {
        if (reason.contains("short-lived token")) {
            Instant theirs = DateUtils.parseStandardDate(response, HttpHeaders.DATE);
            long off = theirs == null
                    ? 0
                    : Duration.between(theirs, clock.instant()).toSeconds();
            return Math.abs(off) > WRONG_CLOCK_SECONDS
                    ? " This machine's clock is " + Math.abs(off) + " s " + (off > 0 ? "ahead" : "behind")
                            + ". Set it right."
                    : " Check this machine's clock.";
        }
        if (reason.contains("Signature") || reason.contains("account not found")) {
            return " The key or the account was deleted. Create a new key, and set ga4.key-file to it.";
        }
        return response.getCode() >= 500 ? " It is tried again." : " Check ga4.key-file.";
    }
}
