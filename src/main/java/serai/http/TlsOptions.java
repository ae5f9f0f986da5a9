package serai.http;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLContext;
import org.apache.hc.core5.ssl.SSLContextBuilder;

/**
 * Which server certificates are trusted, and which certificate is shown to the server. Files are read whenever a
 * context is made.
 *
 * @param verify whether the server's certificate and host name are checked
 * @param caFile PEM file of the authorities to trust instead of those that Java trusts, or null
 * @param certificate PEM file of our own certificate and its chain, or null
 * @param key PEM file of its private key; null when there is no certificate
 */
public record TlsOptions(boolean verify, Path caFile, Path certificate, Path key) {

    /** Trusts the authorities that Java trusts, and shows no certificate. */
    public static final TlsOptions DEFAULT = new TlsOptions(true, null, null, null);

    private static final char[] NO_PASSWORD = {};

    /**
     * Checks that the files can be used; without files there is nothing to check.
     *
     * @throws IOException when one cannot be used; the message names it
     */
    public void check() throws IOException {
        if (caFile != null || certificate != null) {
            context();
        }
    }

    /**
     * Reads the files.
     *
     * @throws IOException when one cannot be used; the message names it
     */
    public SSLContext context() throws IOException {
        try {
            SSLContextBuilder context = SSLContextBuilder.create();
            if (!verify) {
                context.loadTrustMaterial(null, (chain, type) -> true);
            } else if (caFile != null) {
                context.loadTrustMaterial(PemFiles.trustStore(caFile), null);
            }
            if (certificate != null) {
                context.loadKeyMaterial(PemFiles.keyStore(certificate, key), NO_PASSWORD);
            }
            return context.build();
        } catch (GeneralSecurityException e) {
            throw new IOException("a certificate or key cannot be used: " + e.getMessage(), e);
        }
    }
}
