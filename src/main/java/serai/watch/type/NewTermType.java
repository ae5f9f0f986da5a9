package serai.watch.type;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import serai.watch.python.EqualityKey;
import serai.watch.python.Python;
import serai.watch.query.Query;
import serai.watch.query.Search;
import serai.watch.rule.Event;
import serai.watch.rule.Rule;
import serai.watch.rule.RuleException;

/**
 * new_term: a value that a field never had before. The values of the time before the rule's first run are queried once;
 * from then on values are remembered, also after a restart, each as 64 bits. A list is one value.
 */
final class NewTermType extends AbstractRuleType {

    /** The most values of a field. */
    private static final int MOST = 1_000_000;

    private static final Logger LOG = LoggerFactory.getLogger(NewTermType.class);

    private final TermFields fields;
    private final List<List<String>> parts;
    private final boolean matchesMissing;
    private final List<Set<Long>> seen = new ArrayList<>();
    private boolean known;

    NewTermType(Rule rule, JsonNode state) {
        super(rule);
        this.fields = TermFields.of(rule);
        this.parts = fields.parts();
        this.matchesMissing = rule.flag("alert_on_missing_field", false);
        this.known = state.path("known").asBoolean();
        for (int i = 0; i < fields.names().size(); i++) {
            seen.add(values(state.path("seen").path(i).asText()));
        }
    }

    static void check(TypeOptions options) throws RuleException {
        TermFields.check(options);
        TermBaseline.check(options);
    }

    private static Set<Long> values(String base64) {
        Set<Long> values = new LinkedHashSet<>();
        ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(base64));
        while (bytes.remaining() >= Long.BYTES) {
            values.add(bytes.getLong());
        }
        return values;
    }

    @Override
    public List<Query.FieldValues> baseline(Instant now) {
        return known ? List.of() : new TermBaseline(rule, fields).queries(now);
    }

    @Override
    public void takeBaseline(Query.FieldValues query, List<Search.Bucket> values) {
        for (int i = 0; i < seen.size(); i++) {
            if (parts.get(i).equals(query.fields())) {
                int field = i;
                values.forEach(value -> isNew(field, value(value.keys())));
            }
        }
    }

    @Override
    public void endBaseline() {
        known = true;
    }

    private static String value(List<Object> values) {
        return values.stream().map(NewTermType::part).collect(Collectors.joining());
    }

    /** The text of a part, with its length so that two parts in a row cannot be confused with two others. */
    private static String part(Object value) {
        String text = EqualityKey.of(value);
        return (value instanceof List ? "l" : "") + text.length() + ":" + text;
    }

    @Override
    public void addDocuments(List<Event> events) {
        for (Event event : events) {
            Map<String, Object> document = new LinkedHashMap<>(event.fields());
            for (int i = 0; i < seen.size(); i++) {
                String value = value(event, parts.get(i));
                if (value == null && matchesMissing) {
                    document.put("missing_field", fields.names().get(i));
                    matched(document);
                } else if (value != null && isNew(i, value)) {
                    document.put("new_field", fields.names().get(i));
                    matched(document);
                }
            }
        }
    }

    /** The text of a field's value; null when a part of it is missing, empty, zero or false. */
    private static String value(Event event, List<String> names) {
        StringBuilder value = new StringBuilder();
        for (String name : names) {
            Object part = event.field(name);
            if (!Python.truthy(part)) {
                return null;
            }
            value.append(part(part));
        }
        return value.toString();
    }

    private boolean isNew(int field, String value) {
        Set<Long> values = seen.get(field);
        if (!values.add(Fingerprint.bits(value))) {
            return false;
        }
        if (values.size() > MOST) {
            List.copyOf(values).subList(0, MOST / 10).forEach(values::remove);
            LOG.warn(
                    "rule=\"{}\" The field {} has more than {} values; the first ones are forgotten, and will be new"
                            + " terms again.",
                    rule.name(),
                    fields.names().get(field),
                    MOST);
        }
        return true;
    }

    @Override
    public void addTerms(Instant end, Map<Object, Long> buckets) {
        buckets.forEach((value, count) -> {
            if (count > 0 && isNew(0, part(value))) {
                Map<String, Object> match = fields(end);
                match.put(rule.queryKey(), value);
                match.put("new_field", fields.names().get(0));
                matched(match);
            }
        });
    }

    @Override
    public Set<String> fields() {
        Set<String> read = new LinkedHashSet<>();
        parts.forEach(read::addAll);
        return read;
    }

    @Override
    public JsonNode state() {
        ObjectNode state = JsonNodeFactory.instance.objectNode().put("known", known);
        ArrayNode seenValues = state.putArray("seen");
        for (Set<Long> values : seen) {
            ByteBuffer bytes = ByteBuffer.allocate(values.size() * Long.BYTES);
            values.forEach(bytes::putLong);
            seenValues.add(Base64.getEncoder().encodeToString(bytes.array()));
        }
        return state;
    }
}
