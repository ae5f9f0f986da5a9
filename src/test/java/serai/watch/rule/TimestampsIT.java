package serai.watch.rule;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import serai.demo.ElasticsearchNode;
import serai.testing.TestElasticsearch;

/** Times as a real Elasticsearch reads them in a field that it mapped itself. */
class TimestampsIT {

    /**
     * Texts that Elasticsearch takes for a time long ago or far away, and that are read as dateutil reads them, or
     * refused: compact dates are not milliseconds, and Elasticsearch loses the year of a year with a time.
     */
    private static final Pattern READ_OTHERWISE =
            Pattern.compile("20260301|202603011200|20260301120005|2026T\\d.*|1772366405561789123");

    private static final Path TIMES = Path.of("src/test/resources/recordings/times/times.json");

    @Test
    void eachTextThatElasticsearchTakesForADateIsReadAsTheSameTime() throws Exception {
        Map<String, Instant> taken = readByElasticsearch(texts());
        List<String> different = new ArrayList<>();
        taken.forEach((text, time) -> {
            String read = read(text);
            if (!read.equals(time.toString()) && !READ_OTHERWISE.matcher(text).matches()) {
                different.add("'" + text + "' is " + time + " and was read as " + read);
            }
        });
        assertThat(taken).hasSizeGreaterThan(300);
        assertThat(different).isEmpty();
    }

    /** Elasticsearch keeps milliseconds. */
    private static String read(String text) {
        try {
            return Timestamps.read(text).truncatedTo(ChronoUnit.MILLIS).toString();
        } catch (DateTimeException e) {
            return "refused";
        }
    }

    private static List<String> texts() throws Exception {
        List<String> texts = new ArrayList<>();
        for (JsonNode time : Recordings.JSON.readTree(TIMES.toFile()).get("times")) {
            texts.add(time.get(0).textValue());
        }
        return texts;
    }

    /** Only the texts that the default mapping of dates accepts. */
    private static Map<String, Instant> readByElasticsearch(List<String> texts) throws Exception {
        ElasticsearchNode node = TestElasticsearch.node();
        node.createIndex(
                "times",
                "{\"mappings\": {\"properties\": {\"at\": {\"type\": \"date\", \"ignore_malformed\": true}}}}");
        try {
            node.index("times", texts.stream().map(text -> Map.of("at", text)).toList());
            node.refresh();
            JsonNode found = node.send(
                    "GET",
                    "/times/_search",
                    "{\"size\": 10000, \"query\": {\"exists\": {\"field\": \"at\"}},"
                            + " \"docvalue_fields\": [{\"field\": \"at\", \"format\": \"epoch_millis\"}]}");
            Map<String, Instant> read = new LinkedHashMap<>();
            for (JsonNode hit : found.at("/hits/hits")) {
                if (hit.has("fields")) {
                    read.put(
                            hit.at("/_source/at").textValue(),
                            Instant.ofEpochMilli(
                                    Long.parseLong(hit.at("/fields/at/0").textValue())));
                }
            }
            return read;
        } finally {
            node.deleteIndex("times");
        }
    }
}
