package serai.watch.alerter;

import java.time.Duration;

/**
 * What a server answered to a message.
 *
 * @param service who answered, for reasons
 * @param status the HTTP status; null when there was no answer
 * @param retryAfter the header {@code Retry-After}, or null
 * @param body the beginning of the answer's body, such as {@code no_service}; the failure when there was no answer
 */
public record HttpAnswer(String service, Integer status, String retryAfter, String body) {

    /** Whether the server answered with a status. */
    public boolean is(int code) {
        return status != null && status == code;
    }

    /** The usual judgement: 2xx is sent; no answer, 408, 429 and 5xx are tried again; all else is given up. */
    public DeliveryResult result() {
        if (status == null) {
            return DeliveryResult.retry(service + " did not answer: " + DeliveryResult.safe(body));
        }
        if (status / 100 == 2) {
            return DeliveryResult.sent();
        }
        return status / 100 == 5 || is(408) || is(429)
                ? DeliveryResult.retry(reason(), seconds(retryAfter))
                : DeliveryResult.failed(reason());
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
