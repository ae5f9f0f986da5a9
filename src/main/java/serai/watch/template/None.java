package serai.watch.template;

import com.hubspot.jinjava.util.HasObjectTruthValue;
import serai.watch.python.Python;

/** Python's None: the engine takes a Java null for a variable that is not there, which is something else. */
final class None implements Python.Value, HasObjectTruthValue {

    static final None NONE = new None();

    private None() {}

    @Override
    public String repr() {
        return "None";
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
    public String toString() {
        return repr();
    }
}
