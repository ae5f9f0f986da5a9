package serai.watch.template;

import com.hubspot.jinjava.objects.PyWrapper;
import java.util.ArrayList;
import java.util.Collection;
import java.util.stream.Collectors;
import serai.watch.python.Python;

/** Python's tuple: a list that is printed in parentheses. */
final class Tuple extends ArrayList<Object> implements Python.Value, PyWrapper {

    private static final long serialVersionUID = 1L;

    Tuple(Collection<?> items) {
        super(items);
    }

    static Tuple of(Object first, Object second) {
        Tuple pair = new Tuple(java.util.List.of());
        pair.add(first);
        pair.add(second == null ? None.NONE : second);
        return pair;
    }

    @Override
    public String repr() {
        return stream().map(Python::repr).collect(Collectors.joining(", ", "(", size() == 1 ? ",)" : ")"));
    }

    @Override
    public boolean truthy() {
        return !isEmpty();
    }

    @Override
    public String toString() {
        return repr();
    }
}
