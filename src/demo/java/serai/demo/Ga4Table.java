package serai.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** The answer to a report: rows that are grouped, ordered and cut as the Data API does it. */
final class Ga4Table {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> TYPES = List.of(
            "METRIC_TYPE_UNSPECIFIED",
            "TYPE_INTEGER",
            "TYPE_FLOAT",
            "",
            "TYPE_SECONDS",
            "",
            "",
            "",
            "",
            "TYPE_CURRENCY");
    private static final int FEW_USERS = 3;

    private final Ga4Property property;
    private final Ga4Request request;

    Ga4Table(Ga4Property property, Ga4Request request) {
        this.property = property;
        this.request = request;
    }

    private record Line(List<String> dimensions, List<BigDecimal> metrics) {}

    /**
     * The answer as JSON; without a quota.
     *
     * @param numbers whether types are numbers ({@code enum-encoding=int})
     */
    ObjectNode answer(boolean numbers) {
        List<Line> lines = lines();
        ObjectNode answer = JSON.createObjectNode();
        ArrayNode dimensions = answer.putArray("dimensionHeaders");
        headers().forEach(name -> dimensions.addObject().put("name", name));
        ArrayNode metrics = answer.putArray("metricHeaders");
        for (String name : request.metrics()) {
            String type = Ga4Request.METRICS.get(name);
            ObjectNode header = metrics.addObject().put("name", name);
            if (numbers) {
                header.put("type", TYPES.indexOf(type));
            } else {
                header.put("type", type);
            }
        }
        int from = (int) Math.min(request.offset(), lines.size());
        int to = (int) Math.min(request.offset() + request.limit(), lines.size());
        ArrayNode rows = answer.putArray("rows");
        for (Line line : lines.subList(from, to)) {
            ObjectNode row = rows.addObject();
            ArrayNode values = row.putArray("dimensionValues");
            line.dimensions().forEach(value -> values.addObject().put("value", value));
            ArrayNode amounts = row.putArray("metricValues");
            line.metrics().forEach(amount -> amounts.addObject().put("value", printed(amount)));
        }
        answer.put("rowCount", lines.size());
        answer.set("metadata", metadata(lines.isEmpty()));
        answer.put("kind", "analyticsData#runReport");
        // proto3 leaves out what is empty or zero
        for (String field : List.of("dimensionHeaders", "metricHeaders", "rows")) {
            if (answer.get(field).isEmpty()) {
                answer.remove(field);
            }
        }
        if (lines.isEmpty()) {
            answer.remove("rowCount");
        }
        return answer;
    }

    private List<String> headers() {
        List<String> headers = new ArrayList<>(request.dimensions());
        if (request.ranges().size() > 1) {
            headers.add("dateRange");
        }
        return headers;
    }

    private List<Line> lines() {
        Predicate<Map<String, String>> filter = Ga4Filter.of(request.json().path("dimensionFilter"));
        Map<List<String>, List<BigDecimal>> groups = new LinkedHashMap<>();
        for (int i = 0; i < request.ranges().size(); i++) {
            List<LocalDate> range = request.ranges().get(i);
            for (LocalDate day = range.get(0); !day.isAfter(range.get(1)); day = day.plusDays(1)) {
                add(groups, day, i, filter);
            }
        }
        boolean keepEmpty = request.json().path("keepEmptyRows").asBoolean();
        List<Line> lines = new ArrayList<>();
        groups.forEach((dimensions, metrics) -> {
            if (keepEmpty
                    || metrics.isEmpty()
                    || metrics.stream().anyMatch(amount -> amount.signum() != 0)
                    || !property.restricted.isEmpty()) {
                lines.add(new Line(dimensions, metrics));
            }
        });
        // equal rows have no order of their own
        Collections.shuffle(lines);
        lines.sort(order());
        return lines;
    }

    private void add(
            Map<List<String>, List<BigDecimal>> groups,
            LocalDate day,
            int range,
            Predicate<Map<String, String>> filter) {
        boolean first = true;
        for (Ga4Row row : property.rows(day)) {
            if (!filter.test(row.dimensions())
                    || property.thresholded.contains(day)
                            && amount(row, "totalUsers").compareTo(BigDecimal.valueOf(FEW_USERS)) < 0) {
                continue;
            }
            boolean isOther = property.other.contains(day) && !first;
            first = false;
            List<String> key = new ArrayList<>();
            for (String dimension : request.dimensions()) {
                key.add(isOther ? "(other)" : value(row, dimension));
            }
            if (request.ranges().size() > 1) {
                key.add(request.json()
                        .path("dateRanges")
                        .path(range)
                        .path("name")
                        .asText("date_range_" + range));
            }
            List<BigDecimal> sums = groups.computeIfAbsent(
                    key,
                    k -> new ArrayList<>(Collections.nCopies(request.metrics().size(), BigDecimal.ZERO)));
            for (int i = 0; i < sums.size(); i++) {
                sums.set(i, sums.get(i).add(amount(row, request.metrics().get(i))));
            }
        }
    }

    private static String value(Ga4Row row, String dimension) {
        return dimension.equals("date")
                ? row.date().format(DateTimeFormatter.BASIC_ISO_DATE)
                : row.dimensions().getOrDefault(dimension, "(not set)");
    }

    private BigDecimal amount(Ga4Row row, String metric) {
        Number amount =
                property.restricted.contains(metric) ? null : row.metrics().get(metric);
        return amount == null ? BigDecimal.ZERO : new BigDecimal(amount.toString());
    }

    /** A whole number without decimals. */
    private static String printed(BigDecimal amount) {
        return amount.signum() == 0 ? "0" : amount.stripTrailingZeros().toPlainString();
    }

    private Comparator<Line> order() {
        Comparator<Line> order = (a, b) -> 0;
        for (JsonNode by : request.json().path("orderBys")) {
            int dimension = request.dimensions()
                    .indexOf(by.path("dimension").path("dimensionName").asText());
            int metric = request.metrics()
                    .indexOf(by.path("metric").path("metricName").asText());
            Comparator<Line> next = dimension >= 0
                    ? Comparator.comparing(line -> line.dimensions().get(dimension))
                    : Comparator.comparing(line -> line.metrics().get(metric));
            order = order.thenComparing(by.path("desc").asBoolean() ? next.reversed() : next);
        }
        if (request.json().path("orderBys").isEmpty() && !request.metrics().isEmpty()) {
            Comparator<Line> first = Comparator.comparing(line -> line.metrics().get(0));
            return first.reversed();
        }
        return order;
    }

    private ObjectNode metadata(boolean empty) {
        ObjectNode metadata = JSON.createObjectNode();
        metadata.put("currencyCode", request.json().path("currencyCode").asText(property.currency));
        metadata.put("timeZone", property.zone.getId());
        if (touches(property.other)) {
            metadata.put("dataLossFromOtherRow", true);
        }
        if (touches(property.thresholded)) {
            metadata.put("subjectToThresholding", true);
        }
        if (touches(property.sampled)) {
            metadata.putArray("samplingMetadatas")
                    .addObject()
                    .put("samplesReadCount", "100")
                    .put("samplingSpaceSize", "400");
        }
        if (property.restricted.stream().anyMatch(request.metrics()::contains)) {
            ArrayNode restrictions =
                    metadata.putObject("schemaRestrictionResponse").putArray("activeMetricRestrictions");
            property.restricted.stream()
                    .filter(request.metrics()::contains)
                    .forEach(metric -> restrictions
                            .addObject()
                            .put("metricName", metric)
                            .putArray("restrictedMetricTypes")
                            .add("REVENUE_DATA"));
        }
        if (empty) {
            metadata.put("emptyReason", "NO_DATA");
        }
        return metadata;
    }

    private boolean touches(Set<LocalDate> days) {
        return request.ranges().stream()
                .anyMatch(range ->
                        days.stream().anyMatch(day -> !day.isBefore(range.get(0)) && !day.isAfter(range.get(1))));
    }
}
