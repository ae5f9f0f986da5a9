package serai.load.ga4;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

/**
 * What Google states about one day (or the week or month that begins on it): a row of {@code meta.ga4_days}.
 *
 * @param zone the property's time zone, in which the day was
 * @param currency of its amounts
 * @param sampled whether the numbers are estimates from a part of the events
 * @param thresholded whether rows with few users may be missing
 * @param other whether rare values were put together as {@code (other)}
 * @param restricted metrics that the account may not see; Google gives zeros
 */
record Ga4Day(
        LocalDate day,
        String zone,
        String currency,
        long rows,
        boolean sampled,
        boolean thresholded,
        boolean other,
        List<String> restricted) {

    /** @param pages all of it */
    static Ga4Day of(LocalDate day, List<Ga4Page> pages) {
        JsonNode first = pages.get(0).metadata();
        List<String> restricted = new ArrayList<>();
        first.at("/schemaRestrictionResponse/activeMetricRestrictions")
                .forEach(metric -> restricted.add(metric.path("metricName").asText()));
        return new Ga4Day(
                day,
                first.path("timeZone").asText(),
                first.path("currencyCode").asText(),
                pages.stream().mapToLong(Ga4Page::rows).sum(),
                pages.stream()
                        .anyMatch(page ->
                                !page.metadata().path("samplingMetadatas").isEmpty()),
                has(pages, "subjectToThresholding"),
                has(pages, "dataLossFromOtherRow"),
                restricted);
    }

    private static boolean has(List<Ga4Page> pages, String flag) {
        return pages.stream().anyMatch(page -> page.metadata().path(flag).asBoolean());
    }
}
