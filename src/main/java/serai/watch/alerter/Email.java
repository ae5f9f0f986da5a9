package serai.watch.alerter;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import serai.watch.message.Alert;
import serai.watch.message.MessageLimits;
import serai.watch.python.Python;
import serai.watch.rule.RuleException;

/** Mails by SMTP. */
final class Email implements Alerter {

    private static final int LONGEST_SUBJECT = 900;
    private static final int LONGEST_BODY = 300_000;

    private static final OptionList OPTIONS = new OptionList();
    private static final Option<List<String>> TO = OPTIONS.required().texts("email");
    private static final Option<List<String>> CC = OPTIONS.texts("cc");
    private static final Option<List<String>> BCC = OPTIONS.texts("bcc");
    private static final Option<String> FROM = OPTIONS.text("from_addr", "ElastAlert");
    private static final Option<String> REPLY_TO = OPTIONS.scalar("email_reply_to");
    private static final Option<String> TO_FIELD = OPTIONS.text("email_from_field");
    private static final Option<String> DOMAIN = OPTIONS.text("email_add_domain", "");
    private static final Option<String> FORMAT = OPTIONS.text("email_format", "text");
    private static final Option<List<String>> IMAGE_KEYS = OPTIONS.texts("email_image_keys");
    private static final Option<List<String>> IMAGE_FILES = OPTIONS.texts("email_image_values");
    private static final Option<String> IMAGE_FOLDER = OPTIONS.text("assets_dir", "/tmp");
    private static final Option<String> HOST = OPTIONS.text("smtp_host", "localhost");
    private static final Option<Integer> PORT = OPTIONS.whole("smtp_port", null, 1, 65_535);
    private static final Option<Boolean> TLS = OPTIONS.flag("smtp_ssl");
    private static final Option<Boolean> VERIFY = OPTIONS.flag("smtp_verify_certs", null);
    private static final Option<String> CERTIFICATE = OPTIONS.text("smtp_cert_file");
    private static final Option<String> PRIVATE_KEY = OPTIONS.text("smtp_key_file");
    private static final Option<String> ACCOUNT_FILE = OPTIONS.text("smtp_auth_file");

    static final AlerterType TYPE = new AlerterType("email", "The mail server", OPTIONS, Email::new);

    private final AlerterOptions options;
    private final MailDestination server;

    private Email(AlerterOptions options) throws RuleException {
        this.options = options;
        List<String> to = options.get(TO);
        if (to.isEmpty() || to.stream().anyMatch(String::isBlank)) {
            throw options.missing(TO.name(), "must name at least one recipient; is its environment variable set?");
        }
        this.server = server();
    }

    private MailDestination server() throws RuleException {
        CredentialsFile account = options.has(ACCOUNT_FILE)
                ? CredentialsFile.read(options, ACCOUNT_FILE)
                : new CredentialsFile(null, null, null);
        if (options.has(ACCOUNT_FILE) && account.user() == null) {
            throw options.refused(ACCOUNT_FILE.name(), "must have the fields user and password");
        }
        String certificate = options.get(CERTIFICATE);
        // as ElastAlert, which checks the server's certificate where the rule shows one of its own
        boolean verify = options.get(VERIFY) == null ? certificate != null : options.get(VERIFY);
        return new MailDestination(
                all(options.get(TO)),
                options.get(HOST),
                options.get(PORT) == null ? 0 : options.get(PORT),
                options.get(TLS),
                verify,
                certificate,
                options.get(PRIVATE_KEY),
                account.user(),
                account.password(),
                options.get(TO_FIELD) != null);
    }

    /** All who get a mail. */
    private String all(List<String> to) {
        return String.join(",", to) + ";" + String.join(",", options.get(CC)) + ";"
                + String.join(",", options.get(BCC));
    }

    @Override
    public String name() {
        return TYPE.name();
    }

    @Override
    public List<MailDestination> destinations() {
        return List.of(server);
    }

    @Override
    public Map<String, Object> info() {
        return Map.of("type", name(), "recipients", options.get(TO));
    }

    @Override
    public List<Message> messages(Alert alert) {
        List<String> to = recipients(alert);
        String replyTo = options.get(REPLY_TO);
        String subject =
                options.text().title(alert, options.text().defaultTitle(alert)).replaceAll("[\\r\\n]+", " ");
        boolean isHtml = options.get(FORMAT).equals("html");
        ObjectNode mail = Json.object()
                .put("from", options.get(FROM))
                .put("replyTo", replyTo == null ? String.join(", ", to) : replyTo)
                .put("html", isHtml)
                .put("subject", MessageLimits.text(subject, LONGEST_SUBJECT, "…"))
                .put("text", MessageLimits.text(options.text().body(alert), LONGEST_BODY));
        mail.set("to", Json.of(to));
        mail.set("cc", Json.of(options.get(CC)));
        mail.set("bcc", Json.of(options.get(BCC)));
        if (isHtml) {
            addImages(mail.putArray("images"));
        }
        return List.of(new Message(server.to(all(to)), mail, Json.object().put("ticket", true)));
    }

    private void addImages(ArrayNode images) {
        List<String> keys = options.get(IMAGE_KEYS);
        List<String> files = options.get(IMAGE_FILES);
        for (int i = 0; i < Math.min(keys.size(), files.size()); i++) {
            Path file = Path.of(options.get(IMAGE_FOLDER)).resolve(files.get(i));
            images.addObject().put("id", keys.get(i)).put("file", file.toString());
        }
    }

    /** The recipients that the match names, if it does; else those of the rule. */
    private List<String> recipients(Alert alert) {
        Object named = options.get(TO_FIELD) == null ? null : alert.field(options.get(TO_FIELD));
        String domain = options.get(DOMAIN);
        domain = domain.isEmpty() || domain.startsWith("@") ? domain : "@" + domain;
        if (named instanceof String one && (one.contains("@") || options.has(DOMAIN))) {
            return List.of(one.contains("@") ? one : one + domain);
        }
        if (named instanceof List<?> list && !list.isEmpty()) {
            // as ElastAlert, which adds the domain to each name of a list
            String suffix = domain;
            return list.stream().map(one -> Python.str(one) + suffix).toList();
        }
        return options.get(TO);
    }
}
