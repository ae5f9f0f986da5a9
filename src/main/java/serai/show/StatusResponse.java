package serai.show;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import serai.status.LatestStatus;
import serai.status.WarehouseUnavailableException;

/**
 * Answers a request for {@code /status.json}: {@link StatusJson}, or {@code {"now", "error"}} and 503 when the
 * warehouse does not answer.
 */
final class StatusResponse implements Processor {

    private final LatestStatus latest;

    StatusResponse(LatestStatus latest) {
        this.latest = latest;
    }

    @Override
    public void process(Exchange exchange) {
        try {
            exchange.getMessage().setBody(StatusJson.of(latest.get()));
        } catch (WarehouseUnavailableException e) {
            Map<String, Object> answer = new LinkedHashMap<>();
            answer.put("now", Instant.now().toString());
            answer.put("error", e.getMessage());
            exchange.getMessage().setBody(answer);
            exchange.getMessage().setHeader(Exchange.HTTP_RESPONSE_CODE, 503);
        }
    }
}
