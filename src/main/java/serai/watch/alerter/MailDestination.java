package serai.watch.alerter;

/**
 * An SMTP server and the recipients of its mails.
 *
 * @param recipients to whom; mails to the same recipients wait for each other
 * @param port 0 for the usual one
 * @param tls whether it speaks TLS from the first byte; otherwise STARTTLS is used when it offers that
 * @param verify whether its certificate is checked
 * @param certFile a PEM file with our certificate, or null
 * @param keyFile a PEM file with its key; null when the key is in the same file
 * @param user or null
 * @param password a secret
 * @param isOpen whether messages name other recipients
 */
public record MailDestination(
        String recipients,
        String host,
        int port,
        boolean tls,
        boolean verify,
        String certFile,
        String keyFile,
        String user,
        String password,
        boolean isOpen)
        implements Destination {

    @Override
    public String channel() {
        return Email.TYPE.name();
    }

    @Override
    public String identity() {
        return "smtp://" + (user == null ? "" : user + "@") + host + ":" + port + "/" + recipients;
    }

    /** The same server with other recipients. */
    public MailDestination to(String others) {
        return new MailDestination(others, host, port, tls, verify, certFile, keyFile, user, password, isOpen);
    }

    /** Without the login. */
    @Override
    public String toString() {
        return "mail server " + host;
    }
}
