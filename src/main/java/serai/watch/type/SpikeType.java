package serai.watch.type;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import serai.watch.python.Python;
import serai.watch.rule.Event;
import serai.watch.rule.Rule;
import serai.watch.rule.RuleException;

/** spike: the number of events, or the mean of a field, rises or falls. */
final class SpikeType extends AbstractRuleType {

    private final String field;
    private final SpikeDetector spikes;

    SpikeType(Rule rule, JsonNode state) {
        super(rule);
        this.field = rule.option("field_value") == null
                ? null
                : rule.option("field_value").toString();
        this.spikes = new SpikeDetector(
                rule, state, field == null ? Measure.SUM : Measure.MEAN, field == null, this::matched);
    }

    static void check(TypeOptions options) throws RuleException {
        SpikeSettings.check(options);
        options.whole("threshold_ref");
        options.whole("threshold_cur");
        options.text("field_value");
        options.flags("use_count_query", "use_terms_query");
    }

    @Override
    public void addDocuments(List<Event> events) {
        for (Event event : events) {
            Number value = field == null ? (Number) 1L : whole(event.fields().get(field));
            if (value != null) {
                Object key = rule.queryKey() == null ? null : event.field(rule.queryKey());
                spikes.add(key, WindowEntry.of(event.time(), value, event.fields()));
            }
        }
        spikes.bound();
    }

    /** Python's {@code int()}, which cuts off fractions and reads digits; null for other values, and too large ones. */
    private static Number whole(Object value) {
        if (value instanceof Boolean flag) {
            return flag ? 1L : 0L;
        }
        try {
            if (value instanceof Number number) {
                return bounded(new BigDecimal(number.toString()).setScale(0, RoundingMode.DOWN));
            }
            return value instanceof String text && text.strip().matches("[-+]?\\d{1,300}(_\\d+)*")
                    ? bounded(new BigDecimal(text.strip().replace("_", "")))
                    : null;
        } catch (NumberFormatException notFinite) {
            return null;
        }
    }

    private static Number bounded(BigDecimal value) {
        double number = value.doubleValue();
        return Math.abs(number) < 1e18 ? (Number) value.longValue() : Double.isFinite(number) ? number : null;
    }

    @Override
    public void addCount(Instant end, long count) {
        spikes.addForAll(WindowEntry.of(end, count, null));
    }

    @Override
    public void addTerms(Instant end, Map<Object, Long> buckets) {
        buckets.forEach((value, count) -> spikes.add(value, WindowEntry.of(end, count, null)));
        spikes.bound();
    }

    @Override
    public void collectGarbage(Instant end) {
        spikes.collectGarbage(end);
    }

    @Override
    public Set<String> fields() {
        return field == null ? Set.of() : Set.of(field);
    }

    @Override
    public String matchText(Map<String, Object> match) {
        String around = " occurred around " + rule.prettyTime(rule.timeOf(match)) + ".\n" + spikes.referenceText();
        if (field == null) {
            return "An abnormal number (" + whole(match.get("spike_count")) + ") of events" + around
                    + "there were only " + whole(match.get("reference_count")) + " events within "
                    + Python.str(rule.timeframe()) + "\n\n";
        }
        return "An abnormal average value (" + rounded(match.get("spike_count")) + ") of field '" + field + "'" + around
                + "the field had an average value of (" + rounded(match.get("reference_count")) + ") within "
                + Python.str(rule.timeframe()) + "\n\n";
    }

    private static String rounded(Object value) {
        return new BigDecimal(((Number) value).doubleValue())
                .setScale(2, RoundingMode.HALF_EVEN)
                .toPlainString();
    }

    @Override
    public JsonNode state() {
        return spikes.state();
    }
}
