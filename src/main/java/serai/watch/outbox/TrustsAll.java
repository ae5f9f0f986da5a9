package serai.watch.outbox;

import java.net.Socket;
import java.security.cert.X509Certificate;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/** For rules that say so: {@code *_ignore_ssl_errors}. */
final class TrustsAll extends X509ExtendedTrustManager {

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {
        // that is what the rule asks for
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {
        // that is what the rule asks for
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
        // that is what the rule asks for
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
        // that is what the rule asks for
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {
        // that is what the rule asks for
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {
        // that is what the rule asks for
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
