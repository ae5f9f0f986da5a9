package serai.load.ga4;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;

/**
 * A service account of Google Cloud, from its key file. No message has a part of the file but the account's name.
 *
 * @param email the account's name
 * @param keyId which of its keys this is
 * @param key signs the assertions of a login
 * @param tokenUri where an assertion is exchanged for an access token
 */
record ServiceAccount(String email, String keyId, PrivateKey key, String tokenUri) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SCOPE = "https://www.googleapis.com/auth/analytics.readonly";
    /** Also when the file names another address: Google's own clients do the same. */
    private static final String AUDIENCE = "https://oauth2.googleapis.com/token";

    /** Google refuses assertions from the future; clocks differ. */
    private static final int BACKDATED_SECONDS = 60;

    private static final int VALID_SECONDS = 3600;

    /**
     * Reads a key file.
     *
     * @throws IOException when it is none
     */
    static ServiceAccount read(Path file) throws IOException {
        JsonNode json;
        try {
            json = JSON.readTree(Files.readString(file));
        } catch (JsonProcessingException e) {
            // its message quotes the file
            throw new IOException(problem(file, "it is not JSON"));
        }
        if (!json.path("type").asText().equals("service_account")) {
            throw new IOException(problem(file, "its field 'type' is not 'service_account'"));
        }
        for (String field : new String[] {"client_email", "private_key_id", "private_key", "token_uri"}) {
            if (json.path(field).asText().isBlank()) {
                throw new IOException(problem(file, "its field '" + field + "' is missing"));
            }
        }
        return new ServiceAccount(
                json.get("client_email").asText(),
                json.get("private_key_id").asText(),
                key(file, json.get("private_key").asText()),
                json.get("token_uri").asText());
    }

    private static PrivateKey key(Path file, String pem) throws IOException {
        try {
            byte[] der = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
            return KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(der));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IOException(problem(file, "its field 'private_key' is not an RSA key in PKCS#8"));
        }
    }

    private static String problem(Path file, String reason) {
        return file + " (ga4.key-file) is not the key of a service account: " + reason
                + ". Create a JSON key in Google Cloud, 'Service accounts', 'Keys'.";
    }

    /** A signed JWT with which the account logs in. It is secret for an hour. */
    String assertion(Instant now) {
        long issued = now.getEpochSecond() - BACKDATED_SECONDS;
        String header = JSON.createObjectNode()
                .put("alg", "RS256")
                .put("typ", "JWT")
                .put("kid", keyId)
                .toString();
        String claims = JSON.createObjectNode()
                .put("iss", email)
                .put("scope", SCOPE)
                .put("aud", AUDIENCE)
                .put("iat", issued)
                .put("exp", issued + VALID_SECONDS)
                .toString();
        String signed =
                base64(header.getBytes(StandardCharsets.UTF_8)) + "." + base64(claims.getBytes(StandardCharsets.UTF_8));
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(key);
            signature.update(signed.getBytes(StandardCharsets.US_ASCII));
            return signed + "." + base64(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("The key of " + email + " cannot sign.", e);
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** Without the key. */
    @Override
    public String toString() {
        return email;
    }
}
