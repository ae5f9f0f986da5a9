package serai.watch.outbox;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;
import org.apache.camel.CamelContext;
import org.apache.camel.component.mail.MailBinding;
import org.apache.camel.component.mail.MailComponent;
import org.apache.camel.component.mail.MailConfiguration;
import org.apache.camel.component.mail.MailEndpoint;
import org.apache.camel.support.jsse.SSLContextParameters;
import serai.http.TlsOptions;
import serai.watch.alerter.Destination;
import serai.watch.alerter.MailDestination;

/**
 * A camel-mail endpoint for each SMTP server and login. They are not made from endpoint addresses, which would hold the
 * password.
 */
final class MailClients {

    private static final int TIMEOUT_MILLIS = 30_000;

    private final CamelContext context;
    private final Map<MailDestination, String> endpoints = new ConcurrentHashMap<>();

    MailClients(CamelContext context) {
        this.context = context;
    }

    /**
     * The address of the endpoint for a server.
     *
     * @throws IOException when our certificate cannot be read
     */
    String endpoint(MailDestination server) throws Exception {
        MailDestination any = server.to("");
        String endpoint = endpoints.get(any);
        if (endpoint == null) {
            endpoint = open(any);
            endpoints.put(any, endpoint);
        }
        return endpoint;
    }

    private String open(MailDestination server) throws Exception {
        String protocol = server.tls() ? "smtps" : "smtp";
        MailComponent component = context.getComponent(protocol, MailComponent.class);
        MailConfiguration configuration = new MailConfiguration(context);
        configuration.configureProtocol(protocol);
        configuration.setIgnoreUriScheme(true);
        configuration.setHost(server.host());
        configuration.setPort(server.port() > 0 ? server.port() : server.tls() ? 465 : 25);
        if (server.user() != null) {
            configuration.setUsername(server.user());
            configuration.setPassword(server.password());
        }
        configuration.setConnectionTimeout(TIMEOUT_MILLIS);
        configuration.setAdditionalJavaMailProperties(properties(server, "mail." + protocol + "."));
        if (server.certFile() != null) {
            configuration.setSslContextParameters(ownCertificate(server));
        }
        String name = Destination.sha256(server.identity() + " " + server.password() + " " + server.tls() + " "
                        + server.verify() + " " + server.certFile() + " " + server.keyFile())
                .substring(0, 16);
        String uri = protocol + ":watch-" + name;
        MailEndpoint endpoint = new MailEndpoint(uri, component, configuration);
        endpoint.setBinding(new MailBinding());
        context.addEndpoint(uri, endpoint);
        return uri;
    }

    private static SSLContextParameters ownCertificate(MailDestination server) throws IOException {
        Path certificate = Path.of(server.certFile());
        Path key = server.keyFile() == null ? certificate : Path.of(server.keyFile());
        SSLContext tls = new TlsOptions(true, null, certificate, key).context();
        return new SSLContextParameters() {
            @Override
            public SSLContext createSSLContext(CamelContext camel) {
                return tls;
            }
        };
    }

    private static Properties properties(MailDestination server, String prefix) {
        Properties properties = new Properties();
        properties.put(prefix + "timeout", String.valueOf(TIMEOUT_MILLIS));
        properties.put(prefix + "writetimeout", String.valueOf(TIMEOUT_MILLIS));
        properties.put(prefix + "starttls.enable", String.valueOf(!server.tls()));
        // recipients that are accepted get the mail; the others are reported
        properties.put(prefix + "sendpartial", "true");
        properties.put(prefix + "auth", String.valueOf(server.user() != null));
        if (!server.verify()) {
            properties.put(prefix + "ssl.trust", "*");
            properties.put(prefix + "ssl.checkserveridentity", "false");
        }
        return properties;
    }
}
