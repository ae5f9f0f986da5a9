package serai.watch.outbox;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.apache.camel.support.jsse.KeyManagersParameters;
import org.apache.camel.support.jsse.KeyStoreParameters;
import org.apache.camel.support.jsse.SSLContextParameters;

/** A certificate and its key from PEM files, to show to a server. */
final class ClientCertificate {

    private static final Pattern KEY = Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
    private static final char[] NO_PASSWORD = new char[0];

    private ClientCertificate() {
    }

    /**
     * @param keyFile may be null when the key is in the same file
     * @throws IOException when a file cannot be read or used; the message says why, without what is in it
     */
    static SSLContextParameters parameters(String certFile, String keyFile) throws IOException {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("own", key(Path.of(keyFile == null ? certFile : keyFile)), NO_PASSWORD, chain(Path.of(certFile)));
            KeyStoreParameters keys = new KeyStoreParameters();
            keys.setKeyStore(store);
            KeyManagersParameters managers = new KeyManagersParameters();
            managers.setKeyStore(keys);
            managers.setKeyPassword("");
            SSLContextParameters parameters = new SSLContextParameters();
            parameters.setKeyManagers(managers);
            return parameters;
        } catch (GeneralSecurityException e) {
            throw new IOException(certFile + " holds no certificate that can be used with its key", e);
        }
    }

    private static Certificate[] chain(Path file) throws IOException, GeneralSecurityException {
        try (InputStream in = Files.newInputStream(file)) {
            return CertificateFactory.getInstance("X.509").generateCertificates(in).toArray(Certificate[]::new);
        }
    }

    private static PrivateKey key(Path file) throws IOException, GeneralSecurityException {
        Matcher pem = KEY.matcher(Files.readString(file, StandardCharsets.US_ASCII));
        if (!pem.find()) {
            throw new IOException(file + " holds no key in PKCS#8 without a password; make one by 'openssl pkcs8 -topk8 -nocrypt'");
        }
        PKCS8EncodedKeySpec key = new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(pem.group(1)));
        for (String algorithm : List.of("RSA", "EC", "Ed25519")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(key);
            } catch (InvalidKeySpecException e) {
                // it is of another algorithm
                continue;
            }
        }
        throw new IOException(file + " holds a key of an algorithm that is not supported; use RSA or EC");
    }
}
