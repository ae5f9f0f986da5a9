package serai.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A runReport request that was found right, in Google's order of checks: unknown fields, names, limit, offset, dates,
 * counts.
 *
 * @param ranges first and last day of each
 * @param json the whole body
 */
record Ga4Request(
        List<String> dimensions,
        List<String> metrics,
        List<List<LocalDate>> ranges,
        long offset,
        long limit,
        JsonNode json) {

    /** Metrics that are known, with their types. */
    static final Map<String, String> METRICS = new TreeMap<>(Map.of(
            "sessions", "TYPE_INTEGER",
            "totalUsers", "TYPE_INTEGER",
            "activeUsers", "TYPE_INTEGER",
            "engagedSessions", "TYPE_INTEGER",
            "eventCount", "TYPE_INTEGER",
            "keyEvents", "TYPE_FLOAT",
            "purchaseRevenue", "TYPE_CURRENCY",
            "averageSessionDuration", "TYPE_SECONDS"));
    /** Dimensions that are known; custom ones too. */
    static final Set<String> DIMENSIONS = Set.of(
            "date",
            "dateHour",
            "sessionSource",
            "sessionMedium",
            "sessionCampaignName",
            "sessionDefaultChannelGroup",
            "landingPage",
            "country",
            "deviceCategory",
            "eventName",
            "isoYearIsoWeek",
            "yearMonth",
            "customEvent:plan");

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SCHEMA = "For a list of valid dimensions and metrics, see"
            + " https://developers.google.com/analytics/devguides/reporting/data/v1/api-schema ";
    /** What Google knows; that which the double does not is refused as a fault of the test. */
    private static final Set<String> FIELDS = Set.of(
            "property",
            "dimensions",
            "metrics",
            "dateRanges",
            "dimensionFilter",
            "metricFilter",
            "offset",
            "limit",
            "metricAggregations",
            "orderBys",
            "currencyCode",
            "cohortSpec",
            "keepEmptyRows",
            "returnPropertyQuota",
            "comparisons");

    private static final Set<String> NOT_BUILT =
            Set.of("metricFilter", "metricAggregations", "cohortSpec", "comparisons");
    private static final Pattern DAYS_AGO = Pattern.compile("(\\d+)daysAgo");
    private static final LocalDate FIRST_DAY = LocalDate.of(2015, 8, 14);
    private static final LocalDate END = LocalDate.of(3000, 1, 1);
    private static final long MAX_LIMIT = 250_000;
    private static final long DEFAULT_LIMIT = 10_000;

    /** @param today in the property's zone */
    static Ga4Request of(String body, LocalDate today) {
        JsonNode json;
        try {
            json = JSON.readTree(body.isBlank() ? "{}" : body);
        } catch (JsonProcessingException e) {
            throw Ga4Errors.invalid("Invalid JSON payload received. Unexpected token.");
        }
        return of(json, today);
    }

    static Ga4Request of(JsonNode json, LocalDate today) {
        requireFields(json, FIELDS, "");
        json.path("dateRanges")
                .forEach(range -> requireFields(range, Set.of("startDate", "endDate", "name"), " at 'date_ranges[0]'"));
        json.path("dimensions")
                .forEach(name -> requireFields(name, Set.of("name", "dimensionExpression"), " at 'dimensions[0]'"));
        json.path("metrics")
                .forEach(name -> requireFields(name, Set.of("name", "expression", "invisible"), " at 'metrics[0]'"));
        List<String> dimensions = names(json, "dimensions");
        List<String> metrics = names(json, "metrics");
        for (String name : dimensions) {
            requireDimension(name);
        }
        for (String name : metrics) {
            if (!METRICS.containsKey(name)) {
                throw Ga4Errors.invalid("Field " + name + " is not a valid metric.  " + SCHEMA);
            }
        }
        duplicate(dimensions, "Found duplicate dimensions: ");
        duplicate(metrics, "Duplicate metrics are not allowed. Found duplicate metrics: ");
        requireOrder(json, dimensions, metrics);
        long limit = number(json, "limit");
        if (limit < 0) {
            throw Ga4Errors.invalid("limit must be positive. The API received limit = " + limit);
        }
        long offset = number(json, "offset");
        if (offset < 0) {
            throw Ga4Errors.invalid("offset must be positive. The API received offset = " + offset);
        }
        List<List<LocalDate>> ranges = ranges(json.path("dateRanges"), today);
        requireAtMost(9, dimensions.size(), "dimensions within a nested request");
        requireAtMost(10, metrics.size(), "metrics within a nested request");
        if (dimensions.isEmpty() && metrics.isEmpty()) {
            throw Ga4Errors.invalid("Requests require dimensions and/or metrics. Most requests include both.");
        }
        NOT_BUILT.stream().filter(json::has).forEach(field -> {
            throw new IllegalStateException("the double does not know " + field);
        });
        return new Ga4Request(
                dimensions, metrics, ranges, offset, limit == 0 ? DEFAULT_LIMIT : Math.min(limit, MAX_LIMIT), json);
    }

    private static void requireFields(JsonNode object, Set<String> known, String place) {
        object.fieldNames().forEachRemaining(field -> {
            if (!known.contains(field)) {
                throw Ga4Errors.unknownField(field, place);
            }
        });
    }

    private static List<String> names(JsonNode json, String field) {
        List<String> names = new ArrayList<>();
        json.path(field).forEach(name -> names.add(name.path("name").asText()));
        return names;
    }

    static void requireDimension(String name) {
        if (!DIMENSIONS.contains(name)) {
            throw Ga4Errors.invalid("Field " + name + " is not a valid dimension. " + SCHEMA);
        }
    }

    private static void duplicate(List<String> names, String message) {
        Set<String> seen = new HashSet<>();
        for (String name : names) {
            if (!seen.add(name)) {
                throw Ga4Errors.invalid(message + name);
            }
        }
    }

    private static void requireOrder(JsonNode json, List<String> dimensions, List<String> metrics) {
        for (JsonNode order : json.path("orderBys")) {
            requireFields(order, Set.of("dimension", "metric", "pivot", "desc"), " at 'order_bys[0]'");
            String dimension = order.path("dimension").path("dimensionName").asText();
            String metric = order.path("metric").path("metricName").asText();
            if (!dimension.isEmpty() && !dimensions.contains(dimension)
                    || !metric.isEmpty() && !metrics.contains(metric)) {
                throw Ga4Errors.invalid("Field " + dimension + metric
                        + " exists in OrderBy but is not defined in input Dimensions/Metrics list");
            }
        }
    }

    private static long number(JsonNode json, String field) {
        JsonNode value = json.path(field);
        if (value.isMissingNode()) {
            return 0;
        }
        if (!value.isIntegralNumber() && !value.asText().matches("-?\\d{1,18}")) {
            throw Ga4Errors.invalid("Invalid value at '" + field + "' (TYPE_INT64), \"" + value.asText() + "\"");
        }
        return value.asLong();
    }

    private static List<List<LocalDate>> ranges(JsonNode json, LocalDate today) {
        if (json.isEmpty()) {
            throw Ga4Errors.invalid("A dateRange is required.");
        }
        if (json.size() > 4) {
            throw Ga4Errors.invalid(
                    "Requests are limited to 4 dateRanges.\n  This request contains " + json.size() + " dateRanges.");
        }
        List<List<LocalDate>> ranges = new ArrayList<>();
        for (JsonNode range : json) {
            LocalDate first = day(range.path("startDate").asText(), today);
            LocalDate last = day(range.path("endDate").asText(), today);
            if (last.isBefore(first)) {
                throw Ga4Errors.invalid("start_date must be less than or equal to end_date. start_date = " + first
                        + " and end_date = " + last);
            }
            ranges.add(List.of(first, last));
        }
        return ranges;
    }

    private static LocalDate day(String text, LocalDate today) {
        Matcher ago = DAYS_AGO.matcher(text);
        if (ago.matches()) {
            return today.minusDays(Long.parseLong(ago.group(1)));
        }
        LocalDate day;
        try {
            day = text.equals("today") ? today : text.equals("yesterday") ? today.minusDays(1) : LocalDate.parse(text);
        } catch (DateTimeParseException e) {
            throw Ga4Errors.invalid("Invalid date: " + text);
        }
        if (day.isBefore(FIRST_DAY) || !day.isBefore(END)) {
            throw Ga4Errors.invalid(
                    "Invalid date: " + text + ". Dates must be after 2015-08-13 and before 3000-01-01.");
        }
        return day;
    }

    private static void requireAtMost(int most, int count, String what) {
        if (count > most) {
            throw Ga4Errors.invalid("Requests are limited to " + most + " " + what + ".\n  This request is for " + count
                    + " " + what.split(" ")[0] + ".");
        }
    }
}
