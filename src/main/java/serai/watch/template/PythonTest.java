package serai.watch.template;

import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.exptest.ExpTest;
import java.math.BigInteger;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiPredicate;

/** A test of Jinja2, what stands behind {@code is}. */
final class PythonTest implements ExpTest {

    private static final Map<String, PythonTest> ALL = all();

    private final String name;
    private final BiPredicate<Object, Arguments> body;

    private PythonTest(String name, BiPredicate<Object, Arguments> body) {
        this.name = name;
        this.body = body;
    }

    private static Map<String, PythonTest> all() {
        Map<String, BiPredicate<Object, Arguments>> bodies = new LinkedHashMap<>();
        bodies.put("defined", (value, given) -> !(value instanceof Undefined));
        bodies.put("undefined", (value, given) -> value instanceof Undefined);
        bodies.put("none", (value, given) -> value instanceof None);
        bodies.put("true", (value, given) -> Boolean.TRUE.equals(value));
        bodies.put("false", (value, given) -> Boolean.FALSE.equals(value));
        bodies.put("boolean", (value, given) -> value instanceof Boolean);
        bodies.put("string", (value, given) -> value instanceof CharSequence);
        bodies.put("number", (value, given) -> Values.isNumber(value));
        bodies.put("integer", (value, given) -> Values.isWhole(value) && !(value instanceof Boolean));
        bodies.put("float", (value, given) -> Values.isNumber(value) && !Values.isWhole(value));
        bodies.put("mapping", (value, given) -> value instanceof Map);
        bodies.put(
                "sequence",
                (value, given) -> value instanceof Map || value instanceof CharSequence || value instanceof Collection);
        bodies.put(
                "iterable",
                (value, given) -> value instanceof Map || value instanceof CharSequence || value instanceof Collection);
        bodies.put("callable", (value, given) -> false);
        bodies.put("odd", (value, given) -> Values.equal(remainder(value, 2L), 1L));
        bodies.put("even", (value, given) -> Values.equal(remainder(value, 2L), 0L));
        bodies.put("divisibleby", (value, given) -> Values.equal(remainder(value, given.at(0)), 0L));
        bodies.put("lower", (value, given) -> TextMethods.isLower(Values.text(value)));
        bodies.put("upper", (value, given) -> TextMethods.isUpper(Values.text(value)));
        bodies.put("in", (value, given) -> Operators.contains(value, given.at(0)));
        bodies.put(
                "sameas",
                (value, given) -> value == given.at(0) || value instanceof Boolean && value.equals(given.at(0)));
        bodies.put("escaped", (value, given) -> false);
        bodies.put("filter", (value, given) -> Filters.byName().containsKey(Values.text(value)));
        comparisons(bodies);
        Map<String, PythonTest> tests = new LinkedHashMap<>();
        bodies.forEach((name, body) -> tests.put(name, new PythonTest(name, body)));
        return tests;
    }

    private static void comparisons(Map<String, BiPredicate<Object, Arguments>> bodies) {
        for (String name : new String[] {"eq", "equalto", "=="}) {
            bodies.put(name, (value, given) -> Values.equal(value, given.at(0)));
        }
        for (String name : new String[] {"ne", "!="}) {
            bodies.put(name, (value, given) -> !Values.equal(value, given.at(0)));
        }
        for (String name : new String[] {"lt", "lessthan", "<"}) {
            bodies.put(name, (value, given) -> Values.compare(value, given.at(0), "<") < 0);
        }
        for (String name : new String[] {"le", "<="}) {
            bodies.put(name, (value, given) -> Values.compare(value, given.at(0), "<=") <= 0);
        }
        for (String name : new String[] {"gt", "greaterthan", ">"}) {
            bodies.put(name, (value, given) -> Values.compare(value, given.at(0), ">") > 0);
        }
        for (String name : new String[] {"ge", ">="}) {
            bodies.put(name, (value, given) -> Values.compare(value, given.at(0), ">=") >= 0);
        }
    }

    private static Object remainder(Object value, Object by) {
        if (!Values.isWhole(value) || !Values.isWhole(by) || Values.whole(by).signum() == 0) {
            throw Values.unfit("%", value, by);
        }
        return Values.number(Values.whole(value).mod(Values.whole(by).abs().max(BigInteger.ONE)));
    }

    static Map<String, PythonTest> byName() {
        return ALL;
    }

    /** @throws RenderException when there is no such test */
    static PythonTest named(String name) {
        PythonTest test = ALL.get(name);
        if (test == null) {
            throw new RenderException("No test named '" + name + "'.");
        }
        return test;
    }

    boolean passes(Object value, Arguments given) {
        return body.test(Values.own(value), given);
    }

    @Override
    public boolean evaluate(Object value, JinjavaInterpreter interpreter, Object... given) {
        return passes(value, new Arguments(given));
    }

    @Override
    public String getName() {
        return name;
    }
}
