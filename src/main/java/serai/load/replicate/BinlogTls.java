package serai.load.replicate;

import com.github.shyiko.mysql.binlog.network.DefaultSSLSocketFactory;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.mariadb.jdbc.export.SslMode;

/** TLS for the stream of the log, as the options of the JDBC address say. */
final class BinlogTls extends DefaultSSLSocketFactory {

    private final TrustManager[] trusted;

    /**
     * @param certificate of the server or its authority: a file, or the text itself; null: those that Java trusts
     * @throws GeneralSecurityException when it is no certificate
     */
    BinlogTls(SslMode mode, String certificate) throws GeneralSecurityException, IOException {
        this.trusted = mode == SslMode.TRUST ? new TrustManager[] {new Everybody()} : trusted(certificate);
    }

    private static TrustManager[] trusted(String certificate) throws GeneralSecurityException, IOException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        if (certificate == null) {
            factory.init((KeyStore) null);
            return factory.getTrustManagers();
        }
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        int count = 0;
        try (InputStream in = open(certificate)) {
            for (Certificate found : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("ca-" + count++, found);
            }
        }
        factory.init(store);
        return factory.getTrustManagers();
    }

    private static InputStream open(String certificate) throws IOException {
        return certificate.startsWith("-----BEGIN")
                ? new ByteArrayInputStream(certificate.getBytes(StandardCharsets.US_ASCII))
                : Files.newInputStream(Path.of(certificate.replaceFirst("^file:", "")));
    }

    @Override
    protected void initSSLContext(SSLContext context) throws GeneralSecurityException {
        context.init(null, trusted, null);
    }

    /** For {@code sslMode=trust}, which encrypts and does not ask who answers. */
    private static final class Everybody implements X509TrustManager {

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {
            // the option says so
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {
            // the option says so
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
