package serai.watch.template;

import com.hubspot.jinjava.util.ForLoop;
import java.util.List;
import serai.watch.python.Python;

/** The variable {@code loop} in the body of a loop, with {@code previtem}, {@code nextitem} and {@code changed()}. */
final class Loop extends ForLoop {

    private final List<Object> items;
    /** The arguments of the last call of {@code changed()}. */
    private List<Object> last;

    Loop(List<Object> items) {
        super(items.iterator(), items.size());
        this.items = items;
    }

    Object get(String name) {
        return switch (name) {
            case "index" -> (long) getIndex();
            case "index0" -> (long) getIndex0();
            case "revindex" -> (long) getRevindex();
            case "revindex0" -> (long) getRevindex0();
            case "first" -> isFirst();
            case "last" -> isLast();
            case "length" -> (long) getLength();
            case "depth" -> (long) getDepth();
            case "depth0" -> (long) getDepth0();
            case "previtem" -> item(getIndex0() - 1, name);
            case "nextitem" -> item(getIndex0() + 1, name);
            default -> Undefined.attribute(this, name);
        };
    }

    private Object item(int index, String name) {
        return index < 0 || index >= items.size() ? Undefined.attribute(this, name) : items.get(index);
    }

    Object call(String name, Arguments arguments) {
        if (name.equals("cycle") && arguments.count() > 0) {
            return arguments.at(getIndex0() % arguments.count());
        }
        if (!name.equals("changed")) {
            throw Undefined.attribute(this, name).used();
        }
        boolean same = last != null && Python.equal(last, arguments.values());
        last = arguments.values();
        return !same;
    }
}
