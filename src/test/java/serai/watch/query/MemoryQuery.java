package serai.watch.query;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import serai.watch.query.Search.Hit;

/** Queries of the query DSL over documents in memory. A query that is not known here is an error, never a guess. */
final class MemoryQuery {

    private MemoryQuery() {}

    static Predicate<Hit> of(JsonNode query) {
        if (query.isArray()) {
            return all(query);
        }
        if (query.size() != 1) {
            throw new IllegalArgumentException("not one query: " + query);
        }
        String kind = query.fieldNames().next();
        JsonNode body = query.get(kind);
        return switch (kind) {
            case "bool" -> bool(body);
            case "match_all" -> hit -> true;
            case "match_none" -> hit -> false;
            case "constant_score" -> of(body.get("filter"));
            case "ids" -> ids(body.get("values"));
            case "exists" -> hit -> !values(hit, body.get("field").asText()).isEmpty();
            case "query_string" -> new MemoryQueryString(body.get("query").asText()).predicate();
            case "range" -> range(field(body), body.get(field(body)));
            case "terms" ->
                anyOf(
                        field(body),
                        StreamSupport.stream(body.get(field(body)).spliterator(), false)
                                .toList());
            case "term" -> anyOf(field(body), List.of(inner(body, "value")));
            case "match", "match_phrase" ->
                match(field(body), inner(body, "query").asText(), kind.equals("match_phrase"));
            case "wildcard" -> text(field(body), wildcard(inner(body, "value").asText()));
            case "prefix" ->
                text(
                        field(body),
                        Pattern.compile(Pattern.quote(inner(body, "value").asText()) + ".*", Pattern.DOTALL));
            case "regexp" ->
                text(field(body), Pattern.compile(inner(body, "value").asText(), Pattern.DOTALL));
            default -> throw new IllegalArgumentException("no query '" + kind + "' in memory");
        };
    }

    private static String field(JsonNode body) {
        return body.fieldNames().next();
    }

    private static JsonNode inner(JsonNode body, String name) {
        JsonNode value = body.get(field(body));
        return value.isObject() ? value.get(name) : value;
    }

    static List<Object> values(Hit hit, String field) {
        return switch (field) {
            case "_id" -> List.of(hit.id());
            case "_index" -> List.of(hit.index());
            default -> MemoryFields.values(hit.source(), field);
        };
    }

    private static Predicate<Hit> all(JsonNode queries) {
        return StreamSupport.stream(queries.spliterator(), false)
                .map(MemoryQuery::of)
                .reduce(hit -> true, Predicate::and);
    }

    private static Stream<Predicate<Hit>> each(JsonNode queries) {
        return queries.isMissingNode()
                ? Stream.of()
                : queries.isArray()
                        ? StreamSupport.stream(queries.spliterator(), false).map(MemoryQuery::of)
                        : Stream.of(of(queries));
    }

    private static Predicate<Hit> bool(JsonNode body) {
        Predicate<Hit> needed = Stream.concat(each(body.path("must")), each(body.path("filter")))
                .reduce(hit -> true, Predicate::and);
        Predicate<Hit> refused = each(body.path("must_not")).reduce(hit -> false, Predicate::or);
        List<Predicate<Hit>> should = each(body.path("should")).toList();
        int least = body.path("minimum_should_match")
                .asInt(should.isEmpty() || body.has("must") || body.has("filter") ? 0 : 1);
        return hit -> needed.test(hit)
                && !refused.test(hit)
                && should.stream().filter(one -> one.test(hit)).count() >= least;
    }

    private static Predicate<Hit> ids(JsonNode ids) {
        Set<String> wanted = StreamSupport.stream(ids.spliterator(), false)
                .map(JsonNode::asText)
                .collect(Collectors.toSet());
        return hit -> wanted.contains(hit.id());
    }

    private static Predicate<Hit> range(String field, JsonNode bounds) {
        Map<String, Predicate<Integer>> signs =
                Map.of("gt", c -> c > 0, "gte", c -> c >= 0, "lt", c -> c < 0, "lte", c -> c <= 0);
        Predicate<Hit> within = hit -> true;
        for (Map.Entry<String, JsonNode> bound : bounds.properties()) {
            Predicate<Integer> sign = signs.get(bound.getKey());
            if (sign != null) {
                within = within.and(
                        hit -> values(hit, field).stream().anyMatch(value -> compares(value, bound.getValue(), sign)));
            }
        }
        return within;
    }

    private static boolean compares(Object value, JsonNode bound, Predicate<Integer> sign) {
        Object other = bound.isNumber() ? bound.numberValue() : bound.asText();
        Double a = MemoryFields.number(value);
        Double b = MemoryFields.number(other);
        if (a != null && b != null) {
            return sign.test(Double.compare(a, b));
        }
        return sign.test(value.toString().compareTo(other.toString()));
    }

    private static Predicate<Hit> anyOf(String field, List<JsonNode> wanted) {
        return hit ->
                values(hit, field).stream().anyMatch(value -> wanted.stream().anyMatch(one -> same(value, one)));
    }

    private static boolean same(Object value, JsonNode wanted) {
        if (value instanceof Number number) {
            return wanted.asText().matches("[-+]?[0-9.]+([eE][-+]?\\d+)?")
                    && number.doubleValue() == Double.parseDouble(wanted.asText());
        }
        return value.toString().equals(wanted.asText());
    }

    private static Predicate<Hit> match(String field, String text, boolean phrase) {
        List<String> wanted = words(text);
        return hit -> values(hit, field).stream()
                .map(value -> words(value.toString()))
                .anyMatch(found -> phrase
                        ? java.util.Collections.indexOfSubList(found, wanted) >= 0
                        : wanted.stream().anyMatch(found::contains));
    }

    private static List<String> words(String text) {
        return Pattern.compile("[^\\p{L}\\p{N}_]+")
                .splitAsStream(text.toLowerCase(Locale.ROOT))
                .filter(w -> !w.isEmpty())
                .toList();
    }

    static Predicate<Hit> text(String field, Pattern pattern) {
        return hit -> values(hit, field).stream()
                .anyMatch(value -> pattern.matcher(value.toString()).matches());
    }

    static Pattern wildcard(String text) {
        return Pattern.compile(
                text.chars()
                        .mapToObj(c -> c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(String.valueOf((char) c)))
                        .collect(Collectors.joining()),
                Pattern.DOTALL);
    }
}
