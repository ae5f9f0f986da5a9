package serai.watch.template;

import com.hubspot.jinjava.util.ForLoop;
import java.util.List;

/**
 * What a loop's body can ask: also for the items before and after, and whether something is another than in the round
 * before.
 */
final class Loop extends ForLoop {

    private final List<Object> items;
    private List<Object> seen;

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

    Object call(String name, Arguments given) {
        if (name.equals("cycle") && given.count() > 0) {
            return given.at(getIndex0() % given.count());
        }
        if (!name.equals("changed")) {
            throw Undefined.attribute(this, name).used();
        }
        boolean same = seen != null && Values.equal(seen, given.values());
        seen = given.values();
        return !same;
    }
}
