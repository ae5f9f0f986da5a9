package serai.watch.template;

import com.hubspot.jinjava.util.HasObjectTruthValue;
import java.util.AbstractCollection;
import java.util.Collections;
import java.util.Iterator;
import serai.watch.python.Python;

/**
 * A variable or field that is not there, as Jinja's default Undefined: printed as nothing, empty in a loop, an error
 * when it is used.
 */
final class Undefined extends AbstractCollection<Object> implements Python.Value, HasObjectTruthValue {

    private final String reason;

    private Undefined(String reason) {
        this.reason = reason;
    }

    static Undefined variable(String name) {
        return new Undefined("'" + name + "' is undefined");
    }

    static Undefined attribute(Object of, Object name) {
        return new Undefined("'" + Values.kind(of) + " object' has no attribute '" + name + "'");
    }

    /** What Jinja says when something is asked of it. */
    RenderException used() {
        return new RenderException(reason);
    }

    @Override
    public String str() {
        return "";
    }

    @Override
    public String repr() {
        return "Undefined";
    }

    @Override
    public boolean truthy() {
        return false;
    }

    @Override
    public boolean getObjectTruthValue() {
        return false;
    }

    @Override
    public Iterator<Object> iterator() {
        return Collections.emptyIterator();
    }

    @Override
    public int size() {
        return 0;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Undefined;
    }

    @Override
    public int hashCode() {
        return 0;
    }

    @Override
    public String toString() {
        return "";
    }
}
