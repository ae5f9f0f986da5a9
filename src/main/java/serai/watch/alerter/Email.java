package serai.watch.alerter;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import serai.watch.message.Alert;
import serai.watch.message.MessageLimits;
import serai.watch.python.Python;
import serai.watch.rule.RuleException;

/** Mails by SMTP: {@code email}. */
final class Email implements Alerter {

    private static final int LONGEST_SUBJECT = 900;
    private static final int LONGEST_BODY = 300_000;

    private final AlerterOptions given;
    private final MailDestination server;
    private final List<String> to;
    private final List<String> cc;
    private final List<String> bcc;
    private final String field;
    private final String domain;
    private final String from;
    private final boolean html;

    Email(AlerterOptions given) throws RuleException {
        this.given = given.require("email");
        this.to = given.strings("email");
        this.cc = given.strings("cc");
        this.bcc = given.strings("bcc");
        this.field = given.string("email_from_field", null);
        String suffix = given.string("email_add_domain", null);
        this.domain = suffix == null || suffix.isEmpty() || suffix.startsWith("@") ? suffix : "@" + suffix;
        this.from = given.string("from_addr", "ElastAlert");
        this.html = "html".equals(given.string("email_format", null));
        if (to.isEmpty() || to.stream().anyMatch(String::isBlank)) {
            throw given.refused("email", "must name at least one recipient; is its environment variable set?");
        }
        this.server = server(given);
        images();
    }

    private MailDestination server(AlerterOptions given) throws RuleException {
        CredentialsFile account = given.has("smtp_auth_file")
                ? CredentialsFile.read(given, "smtp_auth_file")
                : new CredentialsFile(null, null, null);
        if (given.has("smtp_auth_file") && account.user() == null) {
            throw given.refused("smtp_auth_file", "must have the fields user and password");
        }
        String ownCertificate = given.string("smtp_cert_file", null);
        // as ElastAlert: a server's certificate is checked where the rule shows one of its own, or says so
        boolean verify = given.flag("smtp_verify_certs", ownCertificate != null);
        return new MailDestination(
                recipients(to),
                given.string("smtp_host", "localhost"),
                given.whole("smtp_port", 0, 1, 65_535),
                given.flag("smtp_ssl", false),
                verify,
                ownCertificate,
                given.string("smtp_key_file", null),
                account.user(),
                account.password(),
                field != null);
    }

    private String recipients(List<String> some) {
        return String.join(",", some) + ";" + String.join(",", cc) + ";" + String.join(",", bcc);
    }

    private ArrayNode images() throws RuleException {
        List<String> names = given.strings("email_image_keys");
        List<String> files = given.strings("email_image_values");
        ArrayNode images = Json.list();
        for (int i = 0; i < Math.min(names.size(), files.size()); i++) {
            images.addObject()
                    .put("id", names.get(i))
                    .put(
                            "file",
                            java.nio.file.Path.of(given.string("assets_dir", "/tmp"))
                                    .resolve(files.get(i))
                                    .toString());
        }
        return images;
    }

    @Override
    public String name() {
        return "email";
    }

    @Override
    public List<Destination> destinations() {
        return List.of(server);
    }

    @Override
    public Map<String, Object> info() {
        return Map.of("type", "email", "recipients", to);
    }

    @Override
    public List<Message> messages(Alert alert) {
        List<String> recipients = recipients(alert);
        ObjectNode mail = Json.object()
                .put("from", from)
                .put("replyTo", reply(recipients))
                .put("html", html)
                .put(
                        "subject",
                        MessageLimits.text(
                                given.title(alert, given.defaultTitle(alert)).replaceAll("[\\r\\n]+", " "),
                                LONGEST_SUBJECT,
                                "…"))
                .put("text", MessageLimits.text(given.body(alert), LONGEST_BODY));
        mail.set("to", Json.of(recipients));
        mail.set("cc", Json.of(cc));
        mail.set("bcc", Json.of(bcc));
        if (html) {
            try {
                mail.set("images", images());
            } catch (RuleException e) {
                throw new IllegalStateException("was read before", e);
            }
        }
        return List.of(new Message(
                server.to(recipients(recipients)), mail, Json.object().put("ticket", true)));
    }

    private String reply(List<String> recipients) {
        Object named = given.value("email_reply_to");
        return named == null ? String.join(", ", recipients) : Python.str(named);
    }

    /** Those that the match names, if it does; else those of the rule. */
    private List<String> recipients(Alert alert) {
        Object named = field == null ? null : AlerterOptions.first(alert, field);
        List<String> found = new ArrayList<>();
        if (named instanceof String one && (one.contains("@") || domain != null)) {
            found.add(one.contains("@") ? one : one + domain);
        } else if (named instanceof List<?> list) {
            // as ElastAlert, which adds the domain to each name of a list
            list.forEach(one -> found.add(Python.str(one) + (domain == null ? "" : domain)));
        }
        return found.isEmpty() ? to : found;
    }
}
