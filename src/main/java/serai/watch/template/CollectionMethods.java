package serai.watch.template;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import serai.watch.python.Python;

/** The methods of Python's {@code dict} and {@code list} that a template may call; it can only change copies. */
final class CollectionMethods {

    private CollectionMethods() {}

    @SuppressWarnings("unchecked")
    static Object call(Object value, String method, Arguments arguments) {
        if (value instanceof Map<?, ?> map) {
            return map((Map<String, Object>) map, method, arguments);
        }
        if (value instanceof List<?> list) {
            return list((List<Object>) list, method, arguments);
        }
        throw missing(value, method);
    }

    private static Object map(Map<String, Object> map, String method, Arguments arguments) {
        String key = arguments.count() > 0 ? Values.text(arguments.at(0)) : "";
        Object defaultValue = arguments.count() > 1 ? arguments.at(1) : None.NONE;
        return switch (method) {
            case "get" -> map.getOrDefault(key, defaultValue);
            case "keys" -> new ArrayList<Object>(map.keySet());
            case "values" -> new ArrayList<>(map.values());
            case "items" -> Elements.pairs(map);
            case "copy" -> Values.copy(map);
            case "pop" -> map.containsKey(key) ? map.remove(key) : defaultValue;
            case "setdefault" -> map.computeIfAbsent(key, k -> defaultValue);
            case "update" -> update(map, arguments);
            default -> throw missing(map, method);
        };
    }

    /** The function {@code dict(pairs, name=value)} of templates; public because the engine calls it by reflection. */
    public static Object dict(Object... arguments) {
        Arguments all = new Arguments(arguments);
        Map<String, Object> map = new LinkedHashMap<>();
        if (all.at(0) instanceof List<?> pairs) {
            pairs.forEach(pair -> map.put(Values.text(Elements.named(pair, "0")), Elements.named(pair, "1")));
        }
        update(map, all);
        return map;
    }

    private static Object update(Map<String, Object> map, Arguments arguments) {
        if (arguments.at(0) instanceof Map<?, ?> more) {
            more.forEach((k, v) -> map.put(Values.text(k), v));
        }
        map.putAll(arguments.named());
        return None.NONE;
    }

    private static Object list(List<Object> list, String method, Arguments arguments) {
        return switch (method) {
            case "index" -> index(list, arguments.at(0));
            case "count" ->
                list.stream()
                        .filter(value -> Python.equal(value, arguments.at(0)))
                        .count();
            case "copy" -> Values.copy(list);
            case "append" -> done(list.add(arguments.at(0)));
            case "extend" -> done(arguments.at(0) instanceof Collection<?> more && list.addAll(more));
            case "insert" -> insert(list, arguments);
            case "pop" -> pop(list, arguments);
            case "reverse" -> reverse(list);
            default -> throw missing(list, method);
        };
    }

    private static Object index(List<Object> list, Object wanted) {
        for (int i = 0; i < list.size(); i++) {
            if (Python.equal(list.get(i), wanted)) {
                return (long) i;
            }
        }
        throw new RenderException("the value is not in the list");
    }

    private static Object done(boolean changed) {
        return None.NONE;
    }

    private static Object insert(List<Object> list, Arguments arguments) {
        list.add(Math.max(0, Math.min(list.size(), arguments.whole(0, "index", 0))), arguments.at(1));
        return None.NONE;
    }

    private static Object pop(List<Object> list, Arguments arguments) {
        int index = arguments.whole(0, "index", -1);
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
        return new RenderException("'" + Values.typeName(value) + " object' has no attribute '" + method + "'");
    }
}
