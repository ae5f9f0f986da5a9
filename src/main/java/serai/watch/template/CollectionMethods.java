package serai.watch.template;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The methods of Python's dictionaries and lists that templates use; a template changes copies only. */
final class CollectionMethods {

    private CollectionMethods() {}

    @SuppressWarnings("unchecked")
    static Object call(Object value, String method, Arguments given) {
        if (value instanceof Map<?, ?> map) {
            return map((Map<String, Object>) map, method, given);
        }
        if (value instanceof List<?> list) {
            return list((List<Object>) list, method, given);
        }
        throw missing(value, method);
    }

    private static Object map(Map<String, Object> map, String method, Arguments given) {
        String key = given.count() > 0 ? Values.text(given.at(0)) : "";
        Object otherwise = given.count() > 1 ? given.at(1) : None.NONE;
        return switch (method) {
            case "get" -> map.getOrDefault(key, otherwise);
            case "keys" -> new ArrayList<Object>(map.keySet());
            case "values" -> new ArrayList<>(map.values());
            case "items" -> items(map);
            case "copy" -> Values.of(map);
            case "pop" -> map.containsKey(key) ? map.remove(key) : otherwise;
            case "setdefault" -> map.computeIfAbsent(key, k -> otherwise);
            case "update" -> update(map, given);
            default -> throw missing(map, method);
        };
    }

    /** {@code dict(pairs, name=value)}, as a function of templates; for the engine alone. */
    public static Object dict(Object... given) {
        Arguments all = new Arguments(given);
        Map<String, Object> map = new LinkedHashMap<>();
        if (all.at(0) instanceof List<?> pairs) {
            pairs.forEach(pair -> map.put(Values.text(ListFilters.field(pair, "0")), ListFilters.field(pair, "1")));
        }
        update(map, all);
        return map;
    }

    static List<Object> items(Map<?, ?> map) {
        List<Object> items = new ArrayList<>();
        map.forEach((k, v) -> items.add(Tuple.of(k, v)));
        return items;
    }

    private static Object update(Map<String, Object> map, Arguments given) {
        if (given.at(0) instanceof Map<?, ?> more) {
            more.forEach((k, v) -> map.put(Values.text(k), v));
        }
        map.putAll(given.named());
        return None.NONE;
    }

    private static Object list(List<Object> list, String method, Arguments given) {
        return switch (method) {
            case "index" -> index(list, given.at(0));
            case "count" ->
                list.stream().filter(value -> Values.equal(value, given.at(0))).count();
            case "copy" -> Values.of(list);
            case "append" -> done(list.add(given.at(0)));
            case "extend" -> done(given.at(0) instanceof Collection<?> more && list.addAll(more));
            case "insert" -> insert(list, given);
            case "pop" -> pop(list, given);
            case "reverse" -> reverse(list);
            default -> throw missing(list, method);
        };
    }

    private static Object index(List<Object> list, Object wanted) {
        for (int i = 0; i < list.size(); i++) {
            if (Values.equal(list.get(i), wanted)) {
                return (long) i;
            }
        }
        throw new RenderException("the value is not in the list");
    }

    private static Object done(boolean changed) {
        return None.NONE;
    }

    private static Object insert(List<Object> list, Arguments given) {
        list.add(Math.max(0, Math.min(list.size(), given.whole(0, "index", 0))), given.at(1));
        return None.NONE;
    }

    private static Object pop(List<Object> list, Arguments given) {
        int index = given.whole(0, "index", -1);
        index = index < 0 ? index + list.size() : index;
        if (index < 0 || index >= list.size()) {
            throw new RenderException("pop index out of range");
        }
        return list.remove(index);
    }

    private static Object reverse(List<Object> list) {
        java.util.Collections.reverse(list);
        return None.NONE;
    }

    private static RenderException missing(Object value, String method) {
        return new RenderException("'" + Values.kind(value) + " object' has no attribute '" + method + "'");
    }
}
