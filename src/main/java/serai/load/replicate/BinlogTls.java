package serai.load.replicate;

import com.github.shyiko.mysql.binlog.network.SSLSocketFactory;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.mariadb.jdbc.HostAddress;
import org.mariadb.jdbc.export.SslMode;

/** TLS for the stream of the log, as the options of the JDBC address say. */
final class BinlogTls implements SSLSocketFactory {

    private final SslMode mode;
    private final HostAddress address;
    private final SSLContext context;

    /**
     * @param address of the server, whose name its certificate must have if the mode wants it
     * @param certificate of the server or its authority: a file, or the text itself; null: those that Java trusts
     * @throws GeneralSecurityException when it is no certificate
     */
    BinlogTls(SslMode mode, HostAddress address, String certificate) throws GeneralSecurityException, IOException {
        this.mode = mode;
        this.address = address;
        this.context = SSLContext.getInstance("TLS");
        context.init(null, mode == SslMode.TRUST ? new TrustManager[] {new Everybody()} : trusted(certificate), null);
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
    public SSLSocket createSocket(Socket socket) throws SocketException {
        try {
            SSLSocket secured =
                    (SSLSocket) context.getSocketFactory().createSocket(socket, address.host, address.port, true);
            if (mode == SslMode.VERIFY_FULL) {
                SSLParameters parameters = secured.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
                secured.setSSLParameters(parameters);
            }
            return secured;
        } catch (IOException e) {
            SocketException failed = new SocketException(e.getMessage());
            failed.initCause(e);
            throw failed;
        }
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
