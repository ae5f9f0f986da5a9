package serai.watch.template;

import com.hubspot.jinjava.util.HasObjectTruthValue;
import serai.watch.python.Python;

/** Python's None. A Java null means a missing variable to the engine, so it cannot be used for that. */
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
