package serai.watch.template;

import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.exptest.ExpTest;
import java.math.BigInteger;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiPredicate;
import serai.watch.python.Python;
import serai.watch.python.PythonNumber;
import serai.watch.python.PythonText;

/** A test of Jinja2, such as {@code defined} in {@code name is defined}. */
final class JinjaTest implements ExpTest {

    private static final Map<String, JinjaTest> ALL = all();

    private final String name;
    private final BiPredicate<Object, Arguments> body;

    private JinjaTest(String name, BiPredicate<Object, Arguments> body) {
        this.name = name;
        this.body = body;
    }

    private static Map<String, JinjaTest> all() {
        Map<String, BiPredicate<Object, Arguments>> bodies = new LinkedHashMap<>();
        bodies.put("defined", (value, arguments) -> !(value instanceof Undefined));
        bodies.put("undefined", (value, arguments) -> value instanceof Undefined);
        bodies.put("none", (value, arguments) -> value instanceof None);
        bodies.put("true", (value, arguments) -> Boolean.TRUE.equals(value));
        bodies.put("false", (value, arguments) -> Boolean.FALSE.equals(value));
        bodies.put("boolean", (value, arguments) -> value instanceof Boolean);
        bodies.put("string", (value, arguments) -> value instanceof CharSequence);
        bodies.put("number", (value, arguments) -> PythonNumber.isNumber(value));
        bodies.put("integer", (value, arguments) -> PythonNumber.isWhole(value) && !(value instanceof Boolean));
        bodies.put("float", (value, arguments) -> PythonNumber.isNumber(value) && !PythonNumber.isWhole(value));
        bodies.put("mapping", (value, arguments) -> value instanceof Map);
        bodies.put(
                "sequence",
                (value, arguments) ->
                        value instanceof Map || value instanceof CharSequence || value instanceof Collection);
        bodies.put(
                "iterable",
                (value, arguments) ->
                        value instanceof Map || value instanceof CharSequence || value instanceof Collection);
        bodies.put("callable", (value, arguments) -> false);
        bodies.put("odd", (value, arguments) -> Python.equal(remainder(value, 2L), 1L));
        bodies.put("even", (value, arguments) -> Python.equal(remainder(value, 2L), 0L));
        bodies.put("divisibleby", (value, arguments) -> Python.equal(remainder(value, arguments.at(0)), 0L));
        bodies.put("lower", (value, arguments) -> PythonText.isLower(Values.text(value)));
        bodies.put("upper", (value, arguments) -> PythonText.isUpper(Values.text(value)));
        bodies.put("in", (value, arguments) -> Operators.contains(value, arguments.at(0)));
        bodies.put(
                "sameas",
                (value, arguments) ->
                        value == arguments.at(0) || value instanceof Boolean && value.equals(arguments.at(0)));
        bodies.put("escaped", (value, arguments) -> false);
        bodies.put("filter", (value, arguments) -> JinjaFilter.byName().containsKey(Values.text(value)));
        comparisons(bodies);
        Map<String, JinjaTest> tests = new LinkedHashMap<>();
        bodies.forEach((name, body) -> tests.put(name, new JinjaTest(name, body)));
        return tests;
    }

    private static void comparisons(Map<String, BiPredicate<Object, Arguments>> bodies) {
        for (String name : new String[] {"eq", "equalto", "=="}) {
            bodies.put(name, (value, arguments) -> Python.equal(value, arguments.at(0)));
        }
        for (String name : new String[] {"ne", "!="}) {
            bodies.put(name, (value, arguments) -> !Python.equal(value, arguments.at(0)));
        }
        for (String name : new String[] {"lt", "lessthan", "<"}) {
            bodies.put(name, (value, arguments) -> Values.compare(value, arguments.at(0), "<") < 0);
        }
        for (String name : new String[] {"le", "<="}) {
            bodies.put(name, (value, arguments) -> Values.compare(value, arguments.at(0), "<=") <= 0);
        }
        for (String name : new String[] {"gt", "greaterthan", ">"}) {
            bodies.put(name, (value, arguments) -> Values.compare(value, arguments.at(0), ">") > 0);
        }
        for (String name : new String[] {"ge", ">="}) {
            bodies.put(name, (value, arguments) -> Values.compare(value, arguments.at(0), ">=") >= 0);
        }
    }

    private static Object remainder(Object value, Object by) {
        if (!PythonNumber.isWhole(value)
                || !PythonNumber.isWhole(by)
                || PythonNumber.toWhole(by).signum() == 0) {
            throw Values.unsupported("%", value, by);
        }
        return PythonNumber.narrow(
                PythonNumber.toWhole(value).mod(PythonNumber.toWhole(by).abs().max(BigInteger.ONE)));
    }

    static Map<String, JinjaTest> byName() {
        return ALL;
    }

    /** @throws RenderException when there is no such test */
    static JinjaTest named(String name) {
        JinjaTest test = ALL.get(name);
        if (test == null) {
            throw new RenderException("No test named '" + name + "'.");
        }
        return test;
    }

    boolean passes(Object value, Arguments arguments) {
        return body.test(Values.unwrap(value), arguments);
    }

    @Override
    public boolean evaluate(Object value, JinjavaInterpreter interpreter, Object... arguments) {
        return passes(value, new Arguments(arguments));
    }

    @Override
    public String getName() {
        return name;
    }
}
