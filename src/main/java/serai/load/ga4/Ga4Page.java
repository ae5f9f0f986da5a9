package serai.load.ga4;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * One page of a report, without its rows, which were written as CSV while it was read.
 *
 * @param rows in this page
 * @param rowCount in all pages
 * @param metadata what Google states about the data; an empty object when there is none
 * @param quota {@code propertyQuota}
 */
record Ga4Page(long rows, long rowCount, JsonNode metadata, JsonNode quota) {

    private static final ObjectMapper JSON = new ObjectMapper();
    /** Dimensions that are dates or times; they are written in ISO 8601. */
    private static final Set<String> TIMES = Set.of("dateHour", "dateHourMinute", "firstSessionDate");

    /**
     * Reads an answer. Its rows are not kept in memory.
     *
     * @param day the first field of each row
     * @throws IOException when it is cut off, or is not the answer to the query
     */
    static Ga4Page read(InputStream answer, Ga4Query query, LocalDate day, PeriodFile file) throws IOException {
        try (JsonParser json = JSON.getFactory().createParser(answer)) {
            require(json.nextToken() == JsonToken.START_OBJECT);
            return new Reading(json, query, day, file).page();
        }
    }

    private static void require(boolean expected) throws IOException {
        if (!expected) {
            throw new IOException("The answer is not a report of the Data API. Check ga4.url.");
        }
    }

    private static final class Reading {

        private final JsonParser json;
        private final Ga4Query query;
        private final LocalDate day;
        private final PeriodFile file;
        private final List<String> values = new ArrayList<>();
        private final StringBuilder line = new StringBuilder();
        private long rows;

        Reading(JsonParser json, Ga4Query query, LocalDate day, PeriodFile file) {
            this.json = json;
            this.query = query;
            this.day = day;
            this.file = file;
        }

        Ga4Page page() throws IOException {
            long rowCount = 0;
            JsonNode metadata = JSON.createObjectNode();
            JsonNode quota = JSON.createObjectNode();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String field = json.currentName();
                json.nextToken();
                switch (field) {
                    case "dimensionHeaders" -> requireHeaders(query.dimensions());
                    case "metricHeaders" -> requireHeaders(query.metrics());
                    case "rows" -> rows();
                    case "rowCount" -> rowCount = json.getValueAsLong();
                    case "metadata" -> metadata = JSON.readTree(json);
                    case "propertyQuota" -> quota = JSON.readTree(json);
                    default -> json.skipChildren();
                }
            }
            require(json.currentToken() == JsonToken.END_OBJECT);
            return new Ga4Page(rows, rowCount, metadata, quota);
        }

        private void requireHeaders(List<String> names) throws IOException {
            List<String> headers = new ArrayList<>();
            JSON.<JsonNode>readTree(json)
                    .forEach(header -> headers.add(header.path("name").asText()));
            if (!headers.equals(names)) {
                throw new IOException("The answer has the columns " + headers + " where " + names + " were asked for.");
            }
        }

        private void rows() throws IOException {
            require(json.currentToken() == JsonToken.START_ARRAY);
            while (json.nextToken() == JsonToken.START_OBJECT) {
                values.clear();
                while (json.nextToken() == JsonToken.FIELD_NAME) {
                    boolean isMetric = json.currentName().equals("metricValues");
                    require(isMetric || json.currentName().equals("dimensionValues"));
                    require(values.size() == (isMetric ? query.dimensions().size() : 0));
                    json.nextToken();
                    values();
                }
                require(values.size()
                        == query.dimensions().size() + query.metrics().size());
                write();
            }
            require(json.currentToken() == JsonToken.END_ARRAY);
        }

        private void values() throws IOException {
            require(json.currentToken() == JsonToken.START_ARRAY);
            while (json.nextToken() == JsonToken.START_OBJECT) {
                String value = "";
                while (json.nextToken() == JsonToken.FIELD_NAME) {
                    json.nextToken();
                    value = json.getText();
                }
                values.add(value);
            }
        }

        private void write() throws IOException {
            line.setLength(0);
            line.append(day);
            for (int i = 0; i < values.size(); i++) {
                boolean isTime = i < query.dimensions().size()
                        && TIMES.contains(query.dimensions().get(i));
                line.append(',').append(quoted(isTime ? iso(values.get(i)) : values.get(i)));
            }
            file.write(line.append('\n').toString().getBytes(StandardCharsets.UTF_8));
            rows++;
        }

        /** {@code 20260131}, {@code 2026013113} or {@code 202601311345}; anything else, such as (other), stays. */
        private static String iso(String value) {
            if (!value.matches("\\d{8}(\\d{2}){0,2}")) {
                return value;
            }
            String date = value.substring(0, 4) + '-' + value.substring(4, 6) + '-' + value.substring(6, 8);
            return switch (value.length()) {
                case 8 -> date;
                case 10 -> date + 'T' + value.substring(8) + ":00:00";
                default -> date + 'T' + value.substring(8, 10) + ':' + value.substring(10) + ":00";
            };
        }

        private static String quoted(String value) {
            boolean isPlain = value.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
            return isPlain ? value : '"' + value.replace("\"", "\"\"") + '"';
        }
    }
}
