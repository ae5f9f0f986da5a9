package serai.watch.alerter;

/**
 * An SMTP server, as far as it concerns those who get a mail through it.
 *
 * @param recipients to whom, as far as it matters which mails wait for each other
 * @param port 0 for the usual one
 * @param tls whether it speaks TLS from the first byte; otherwise it is asked to as soon as it offers STARTTLS
 * @param verify whether its certificate is checked
 * @param certFile a PEM file with our certificate, or null
 * @param keyFile and its key, or null when that is in the same file
 * @param user or null
 * @param password a secret
 * @param open whether other recipients get mails by it, who are named by the messages
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
        boolean open)
        implements Destination {

    @Override
    public String channel() {
        return "email";
    }

    @Override
    public String identity() {
        return "smtp://" + (user == null ? "" : user + "@") + host + ":" + port + "/" + recipients;
    }

    /** The same server for others. */
    public MailDestination to(String others) {
        return new MailDestination(others, host, port, tls, verify, certFile, keyFile, user, password, open);
    }

    @Override
    public String toString() {
        return "mail server " + host;
    }
}
