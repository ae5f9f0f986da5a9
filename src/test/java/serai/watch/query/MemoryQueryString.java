package serai.watch.query;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import serai.watch.query.Search.Hit;

/**
 * The small language of {@code query_string}: fields, quoted texts, wildcards, /expressions/, ranges, AND, OR, NOT and
 * brackets.
 */
final class MemoryQueryString {

    private static final Pattern TOKEN = Pattern.compile("\\s*(\\(|\\)|AND\\b|OR\\b|NOT\\b|&&|\\|\\||!|-(?=\\S)"
            + "|(?:[\\w.@*\\\\-]+:)?(?:\"(?:[^\"\\\\]|\\\\.)*\"|/(?:[^/\\\\]|\\\\.)*/"
            + "|[\\[{][^\\]}]*[\\]}]|[<>]=?[^\\s()]+|(?:[^\\s()\\\\]|\\\\.)+))");

    private final List<String> tokens = new ArrayList<>();
    private int place;

    MemoryQueryString(String query) {
        Matcher token = TOKEN.matcher(query.strip());
        int end = 0;
        while (end < query.strip().length()) {
            if (!token.find(end) || token.start() != end) {
                throw new IllegalArgumentException("query_string not known in memory: " + query);
            }
            tokens.add(token.group(1));
            end = token.end();
        }
    }

    Predicate<Hit> predicate() {
        Predicate<Hit> all = either();
        if (place < tokens.size()) {
            throw new IllegalArgumentException("query_string not known in memory: " + tokens);
        }
        return all;
    }

    private boolean at(String... words) {
        return place < tokens.size() && List.of(words).contains(tokens.get(place));
    }

    private Predicate<Hit> either() {
        Predicate<Hit> one = both();
        while (place < tokens.size() && !at(")")) {
            place += at("OR", "||") ? 1 : 0;
            one = one.or(both());
        }
        return one;
    }

    private Predicate<Hit> both() {
        Predicate<Hit> one = single();
        while (at("AND", "&&")) {
            place++;
            one = one.and(single());
        }
        return one;
    }

    private Predicate<Hit> single() {
        if (at("NOT", "!", "-")) {
            place++;
            return single().negate();
        }
        if (at("(")) {
            place++;
            Predicate<Hit> inside = either();
            place++;
            return inside;
        }
        return term(tokens.get(place++));
    }

    private static Predicate<Hit> term(String token) {
        Matcher parts = Pattern.compile("([\\w.@*\\\\-]+):(.*)", Pattern.DOTALL).matcher(token);
        if (!parts.matches()) {
            String wanted = plain(token);
            return token.equals("*")
                    ? hit -> true
                    : hit -> hit.source().values().stream().anyMatch(v -> wanted.equals(String.valueOf(v)));
        }
        String field = parts.group(1).replace("\\", "");
        String value = parts.group(2);
        if (field.equals("_exists_")) {
            return hit -> !MemoryQuery.values(hit, value).isEmpty();
        }
        if (value.startsWith("/")) {
            return MemoryQuery.text(field, Pattern.compile(value.substring(1, value.length() - 1), Pattern.DOTALL));
        }
        if (value.startsWith("[") || value.startsWith("{") || value.startsWith("<") || value.startsWith(">")) {
            return range(field, value);
        }
        if (!value.startsWith("\"") && (value.contains("*") || value.contains("?"))) {
            return MemoryQuery.text(field, MemoryQuery.wildcard(value));
        }
        String wanted = plain(value);
        return hit -> MemoryQuery.values(hit, field).stream()
                .anyMatch(found -> found.toString().equals(wanted));
    }

    private static Predicate<Hit> range(String field, String value) {
        ObjectNode range = JsonNodeFactory.instance.objectNode();
        ObjectNode bounds = range.putObject("range").putObject(field);
        Matcher from = Pattern.compile("([\\[{])(\\S+) TO (\\S+)([\\]}])").matcher(value);
        if (from.matches()) {
            bound(bounds, from.group(1).equals("[") ? "gte" : "gt", from.group(2));
            bound(bounds, from.group(4).equals("]") ? "lte" : "lt", from.group(3));
        } else {
            String sign = value.startsWith(">") ? "gt" : "lt";
            boolean equal = value.length() > 1 && value.charAt(1) == '=';
            bound(bounds, equal ? sign + "e" : sign, value.substring(equal ? 2 : 1));
        }
        return MemoryQuery.of(range);
    }

    private static void bound(ObjectNode bounds, String name, String value) {
        if (value.matches("-?[0-9.]+")) {
            bounds.put(name, Double.parseDouble(value));
        } else if (!value.equals("*")) {
            bounds.put(name, plain(value));
        }
    }

    private static String plain(String value) {
        String text = value.startsWith("\"") ? value.substring(1, value.length() - 1) : value;
        return text.replaceAll("\\\\(.)", "$1");
    }
}
