package serai.watch.alerter;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.regex.Pattern;
import serai.watch.message.MessageLimits;

/**
 * What a server answered to a message.
 *
 * @param service who answered, for reasons
 * @param status the HTTP status; null when there was no answer
 * @param retryAfter the header {@code Retry-After}, or null
 * @param body the beginning of the answer's body, such as {@code no_service}; the failure when there was no answer
 */
public record HttpAnswer(String service, Integer status, String retryAfter, String body) {

    private static final Pattern TOO_LARGE = Pattern.compile("(?i)too[ _](?:long|large|big|many[ _]attachments)");
    /** A payload of fewer bytes is not cut any more. */
    private static final int SMALLEST_PAYLOAD = 500;

    /** Whether the server answered with a status. */
    public boolean is(int code) {
        return status != null && status == code;
    }

    /**
     * The usual judgement: 2xx is sent; no answer, 408, 429 and 5xx are tried again; all else is a refusal. A payload
     * that is too large is cut, and given up when that does not help.
     *
     * @param payload what was sent
     */
    public DeliveryResult result(ObjectNode payload) {
        if (is(413) || is(400) && body != null && TOO_LARGE.matcher(body).find()) {
            int half = payload.toString().getBytes(StandardCharsets.UTF_8).length / 2;
            return half < SMALLEST_PAYLOAD
                    ? DeliveryResult.failed(reason())
                    : DeliveryResult.retryWith(MessageLimits.json(payload, half), reason());
        }
        return result();
    }

    /** The judgement of an answer to something else than a message. */
    public DeliveryResult result() {
        if (status == null) {
            return DeliveryResult.retry(service + " did not answer: " + DeliveryResult.safe(body));
        }
        if (status / 100 == 2) {
            return DeliveryResult.sent();
        }
        return status / 100 == 5 || is(408) || is(429)
                ? DeliveryResult.retry(reason(), seconds(retryAfter))
                : DeliveryResult.refused(reason());
    }

    /** The status and the beginning of the body. */
    public String reason() {
        return service + " answered " + status
                + (body == null || body.isBlank() ? "" : " " + DeliveryResult.safe(body));
    }

    /** The seconds of a header or field that asks to wait; null when it has no such number. */
    static Duration seconds(String text) {
        boolean isNumber = text != null && text.strip().matches("\\d{1,6}");
        return isNumber ? Duration.ofSeconds(Math.max(1, Math.min(86_400, Long.parseLong(text.strip())))) : null;
    }
}
