package serai.watch.template;

import com.hubspot.jinjava.util.HasObjectTruthValue;
import java.util.AbstractCollection;
import java.util.Collections;
import java.util.Iterator;
import serai.watch.python.Python;

/**
 * A missing variable or attribute, as Jinja's {@code Undefined}: printed as nothing, empty in a loop, else an error.
 */
final class Undefined extends AbstractCollection<Object> implements Python.Value, HasObjectTruthValue {

    private final String reason;

    private Undefined(String reason) {
        this.reason = reason;
    }

    static Undefined variable(String name) {
        return new Undefined("'" + name + "' is undefined");
    }

    static Undefined attribute(Object value, Object name) {
        return new Undefined("'" + Values.typeName(value) + " object' has no attribute '" + name + "'");
    }

    /** The error when something is done with it. */
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
