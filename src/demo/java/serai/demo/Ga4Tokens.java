package serai.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** Google's token endpoint for one service account: docs/reference/google-analytics.md, "Login". */
final class Ga4Tokens {

    static final String ACCOUNT = "reader@project.iam.gserviceaccount.com";
    private static final String KEY_ID = "0123456789abcdef";
    private static final String GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer";
    private static final String AUDIENCE = "https://oauth2.googleapis.com/token";
    private static final Set<String> SCOPES =
            Set.of("https://www.googleapis.com/auth/analytics.readonly", "https://www.googleapis.com/auth/analytics");
    private static final long LIFE = 3599;
    private static final long SKEW = 300;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final KeyPair keys;
    private final Map<String, Instant> tokens = new ConcurrentHashMap<>();
    private volatile boolean deleted;
    volatile Clock clock = Clock.systemUTC();

    Ga4Tokens() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            keys = generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The account's key file. */
    String keyFile(String tokenUri) {
        String pem = "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'})
                        .encodeToString(keys.getPrivate().getEncoded())
                + "\n-----END PRIVATE KEY-----\n";
        Map<String, Object> file = new LinkedHashMap<>();
        file.put("type", "service_account");
        file.put("project_id", "project");
        file.put("private_key_id", KEY_ID);
        file.put("private_key", pem);
        file.put("client_email", ACCOUNT);
        file.put("client_id", "1");
        file.put("token_uri", tokenUri);
        return RequestRefusal.write(file);
    }

    void deleteKey(boolean isDeleted) {
        deleted = isDeleted;
    }

    void expire() {
        tokens.clear();
    }

    /** @throws RequestRefusal unless the request has a token that is valid */
    void require(Request request) throws RequestRefusal {
        String header = request.header("Authorization").orElse("");
        if (!header.startsWith("Bearer ")) {
            throw Ga4Errors.unauthenticated(false);
        }
        Instant end = tokens.get(header.substring(7));
        if (end == null || clock.instant().isAfter(end)) {
            throw Ga4Errors.unauthenticated(true);
        }
    }

    void answer(Request request, Answer answer) throws IOException {
        Map<String, String> form = request.form();
        if (!request.method().equals("POST")) {
            throw Ga4Errors.page();
        }
        if (!GRANT.equals(form.get("grant_type"))) {
            throw Ga4Errors.login("unsupported_grant_type", "Invalid grant_type: " + form.get("grant_type"));
        }
        String scope = scope(form.getOrDefault("assertion", ""));
        Map<String, Object> reply = new LinkedHashMap<>();
        if (Set.of(scope.split(" ")).stream().allMatch(SCOPES::contains)) {
            String token = "ya29.c." + UUID.randomUUID().toString().replace("-", "");
            tokens.put(token, clock.instant().plusSeconds(LIFE));
            reply.put("access_token", token);
            reply.put("expires_in", LIFE);
            reply.put("token_type", "Bearer");
        } else {
            reply.put("id_token", "e30.e30.e30");
        }
        answer.send(200, "application/json; charset=utf-8", RequestRefusal.write(reply));
    }

    /** The scope of an assertion that is right. */
    private String scope(String assertion) throws RequestRefusal {
        String[] parts = assertion.split("\\.", -1);
        JsonNode header;
        JsonNode claims;
        byte[] signature;
        try {
            if (parts.length != 3) {
                throw new IllegalArgumentException("not three parts");
            }
            header = JSON.readTree(new String(Base64.getUrlDecoder().decode(parts[0]), StandardCharsets.UTF_8));
            claims = JSON.readTree(new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8));
            signature = Base64.getUrlDecoder().decode(parts[2]);
        } catch (IllegalArgumentException | JsonProcessingException e) {
            throw Ga4Errors.login("invalid_request", "Bad Request");
        }
        if (!header.path("alg").asText().equals("RS256")
                || deleted
                || !isSigned(parts[0] + "." + parts[1], signature)) {
            throw Ga4Errors.login("invalid_grant", "Invalid JWT Signature.");
        }
        if (!claims.path("iss").asText().equals(ACCOUNT)) {
            throw Ga4Errors.login("invalid_grant", "Invalid grant: account not found");
        }
        requireTimes(claims);
        String scope = claims.path("scope").asText();
        if (scope.isBlank()) {
            throw Ga4Errors.login("invalid_scope", "Invalid OAuth scope or ID token audience provided.");
        }
        if (!claims.path("aud").asText().equals(AUDIENCE)) {
            throw Ga4Errors.login("invalid_grant", "Invalid JWT: Failed audience check.");
        }
        return scope;
    }

    private boolean isSigned(String text, byte[] signature) {
        try {
            Signature verifier = Signature.getInstance("SHA256withRSA");
            verifier.initVerify(keys.getPublic());
            verifier.update(text.getBytes(StandardCharsets.US_ASCII));
            return verifier.verify(signature);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private void requireTimes(JsonNode claims) throws RequestRefusal {
        if (!claims.has("iat") || !claims.has("exp")) {
            throw Ga4Errors.login("invalid_grant", "Invalid JWT: iat (issued at) is not set.");
        }
        long issued = claims.get("iat").asLong();
        long end = claims.get("exp").asLong();
        long now = clock.instant().getEpochSecond();
        if (end - issued > 3600 || end < now - SKEW || issued > now + SKEW) {
            throw Ga4Errors.login(
                    "invalid_grant",
                    "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check"
                            + " your iat and exp values in the JWT claim.");
        }
    }
}
