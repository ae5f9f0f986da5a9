package serai.watch.outbox;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.activation.DataHandler;
import jakarta.mail.Message.RecipientType;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import jakarta.mail.util.ByteArrayDataSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Date;
import java.util.Locale;
import org.apache.camel.Exchange;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.smtp.SMTPSenderFailedException;
import serai.watch.alerter.DeliveryResult;
import serai.watch.alerter.MailDestination;

/** The mail and its result, in the route {@code watch-deliver-email}. */
final class MailDelivery {

    private static final int LONGEST_IMAGE = 10_000_000;

    private final MailClients clients;

    MailDelivery(MailClients clients) {
        this.clients = clients;
    }

    void request(Exchange exchange) throws Exception {
        OutboundMessage message = exchange.getMessage().getMandatoryBody(OutboundMessage.class);
        exchange.setProperty("watchClient", clients.endpoint((MailDestination) message.destination()));
        exchange.getMessage().removeHeaders("*");
        exchange.getMessage().setBody(mail(message));
    }

    private static MimeMessage mail(OutboundMessage message) throws MessagingException, IOException {
        JsonNode payload = message.payload();
        MimeMessage mail = new MimeMessage((Session) null);
        mail.setFrom(new InternetAddress(payload.path("from").asText(), false));
        for (RecipientType type : new RecipientType[] {RecipientType.TO, RecipientType.CC, RecipientType.BCC}) {
            for (JsonNode address : payload.path(type.toString().toLowerCase(Locale.ROOT))) {
                mail.addRecipients(type, InternetAddress.parse(address.asText(), false));
            }
        }
        mail.setReplyTo(InternetAddress.parse(payload.path("replyTo").asText(), false));
        mail.setSubject(payload.path("subject").asText(), "UTF-8");
        mail.setSentDate(Date.from(message.created()));
        // the same for each attempt, so that the mailbox recognises a repeat
        mail.setHeader("Message-ID", "<" + message.key() + "@serai>");
        String text =
                payload.path("text").asText() + (message.ticket() == null ? "" : "\nJira ticket: " + message.ticket());
        if (payload.path("html").asBoolean()) {
            mail.setContent(html(text, payload.path("images")));
        } else {
            mail.setText(text, "UTF-8");
        }
        return mail;
    }

    private static MimeMultipart html(String text, JsonNode images) throws MessagingException, IOException {
        MimeMultipart parts = new MimeMultipart();
        MimeBodyPart body = new MimeBodyPart();
        body.setText(text, "UTF-8", "html");
        parts.addBodyPart(body);
        for (JsonNode image : images) {
            Path file = Path.of(image.path("file").asText());
            if (Files.size(file) > LONGEST_IMAGE) {
                throw new IOException(file + " is longer than " + LONGEST_IMAGE + " bytes");
            }
            String type = Files.probeContentType(file);
            MimeBodyPart part = new MimeBodyPart();
            part.setDataHandler(new DataHandler(new ByteArrayDataSource(
                    Files.readAllBytes(file), type == null ? "application/octet-stream" : type)));
            part.setContentID("<" + image.path("id").asText() + ">");
            parts.addBodyPart(part);
        }
        return parts;
    }

    void answer(Exchange exchange) {
        Throwable failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        exchange.getMessage().removeHeaders("*");
        exchange.getMessage().setBody(judge(failure));
    }

    private static DeliveryResult judge(Throwable failure) {
        if (failure == null) {
            return DeliveryResult.sent();
        }
        SendFailedException refused = null;
        for (Throwable e = failure; e != null; e = e.getCause()) {
            refused = e instanceof SendFailedException some ? some : refused;
        }
        if (refused != null && refused.getValidSentAddresses() != null && refused.getValidSentAddresses().length > 0) {
            int others = count(refused.getInvalidAddresses()) + count(refused.getValidUnsentAddresses());
            return DeliveryResult.sent(others + " recipients were refused");
        }
        String reason = "The mail server did not accept it: " + DeliveryResult.safe(failure);
        // 5xx is about these recipients, or this text
        return refused != null && code(refused) / 100 == 5
                ? DeliveryResult.refused(reason)
                : DeliveryResult.retry(reason);
    }

    private static int count(Object[] addresses) {
        return addresses == null ? 0 : addresses.length;
    }

    /** The SMTP status of a failure, which may be of a cause; 0 when there is none. */
    private static int code(Exception e) {
        if (e instanceof SMTPSendFailedException send) {
            return send.getReturnCode();
        }
        if (e instanceof SMTPAddressFailedException address) {
            return address.getReturnCode();
        }
        if (e instanceof SMTPSenderFailedException sender) {
            return sender.getReturnCode();
        }
        return e instanceof MessagingException outer && outer.getNextException() != null
                ? code(outer.getNextException())
                : 0;
    }
}
