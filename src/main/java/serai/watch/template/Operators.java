package serai.watch.template;

import com.hubspot.jinjava.el.ext.AdditionOperator;
import com.hubspot.jinjava.el.ext.OrOperator;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import jinjava.de.odysseus.el.tree.Bindings;
import jinjava.de.odysseus.el.tree.impl.ast.AstBinary;
import jinjava.de.odysseus.el.tree.impl.ast.AstNode;
import jinjava.javax.el.ELContext;
import serai.watch.python.Python;
import serai.watch.python.PythonNumber;
import serai.watch.python.PythonPercent;

/** Python's operators: they convert no types, {@code and} and {@code or} return an operand, {@code /} a float. */
final class Operators {

    static final AstBinary.Operator IN = of(Operators::contains);
    static final AstBinary.Operator NOT_IN = of((a, b) -> !contains(a, b));
    static final AstBinary.Operator CONCAT = of((a, b) -> Values.bounded(Values.text(a) + Values.text(b)));
    static final AstBinary.Operator FLOOR_DIV =
            of((a, b) -> arithmetic("//", a, notZero(b), Operators::floorDivide, (x, y) -> Math.floor(x / y)));
    static final AstBinary.Operator POWER = of(Operators::power);

    private static final Map<AstBinary.Operator, AstBinary.Operator> PYTHON = Map.ofEntries(
            Map.entry(AstBinary.AND, Operators::and),
            Map.entry(OrOperator.OP, Operators::or),
            Map.entry(AstBinary.EQ, of((a, b) -> Python.equal(a, b))),
            Map.entry(AstBinary.NE, of((a, b) -> !Python.equal(a, b))),
            Map.entry(AstBinary.LT, of((a, b) -> Values.compare(a, b, "<") < 0)),
            Map.entry(AstBinary.LE, of((a, b) -> Values.compare(a, b, "<=") <= 0)),
            Map.entry(AstBinary.GT, of((a, b) -> Values.compare(a, b, ">") > 0)),
            Map.entry(AstBinary.GE, of((a, b) -> Values.compare(a, b, ">=") >= 0)),
            Map.entry(AdditionOperator.OP, of(Operators::add)),
            Map.entry(AstBinary.SUB, of((a, b) -> arithmetic("-", a, b, BigInteger::subtract, (x, y) -> x - y))),
            Map.entry(AstBinary.MUL, of(Operators::multiply)),
            Map.entry(AstBinary.DIV, of(Operators::divide)),
            Map.entry(AstBinary.MOD, of(Operators::remainder)));

    private static final int MOST_BITS = 10_000;
    /** 65,535 items. */
    private static final int MOST_ITEMS_BITS = 16;

    private Operators() {}

    private static AstBinary.Operator of(BinaryOperator<Object> operator) {
        return (bindings, context, left, right) -> operator.apply(
                Values.unwrap(left.eval(bindings, context)), Values.unwrap(right.eval(bindings, context)));
    }

    /** Python's operator in place of one of the engine's. */
    static AstBinary.Operator python(AstBinary.Operator operator) {
        return PYTHON.getOrDefault(operator, operator);
    }

    private static Object and(Bindings bindings, ELContext context, AstNode left, AstNode right) {
        Object value = left.eval(bindings, context);
        return bindings.convert(value, Boolean.class) ? right.eval(bindings, context) : value;
    }

    private static Object or(Bindings bindings, ELContext context, AstNode left, AstNode right) {
        Object value = left.eval(bindings, context);
        return bindings.convert(value, Boolean.class) ? value : right.eval(bindings, context);
    }

    static boolean contains(Object item, Object in) {
        if (in instanceof CharSequence text && item instanceof CharSequence part) {
            return text.toString().contains(part);
        }
        if (in instanceof Map<?, ?> map) {
            return map.containsKey(Values.text(item));
        }
        if (in instanceof Collection<?> list) {
            return list.stream().anyMatch(value -> Python.equal(item, value));
        }
        throw new RenderException("argument of type '" + Values.typeName(in) + "' is not iterable");
    }

    static Object add(Object a, Object b) {
        if (a instanceof CharSequence && b instanceof CharSequence) {
            return Values.bounded(a.toString() + b);
        }
        if (a instanceof List<?> left && b instanceof List<?> right) {
            List<Object> all = new ArrayList<>(left);
            all.addAll(right);
            return all;
        }
        return arithmetic("+", a, b, BigInteger::add, Double::sum);
    }

    private static Object multiply(Object a, Object b) {
        if (PythonNumber.isWhole(a) && !PythonNumber.isNumber(b)) {
            return multiply(b, a);
        }
        if (PythonNumber.isWhole(b) && (a instanceof List || a instanceof CharSequence)) {
            BigInteger times = PythonNumber.toWhole(b).max(BigInteger.ZERO).min(BigInteger.valueOf(Integer.MAX_VALUE));
            return a instanceof List<?> list ? repeated(list, times) : Values.repeated(a.toString(), times.longValue());
        }
        return arithmetic("*", a, b, BigInteger::multiply, (x, y) -> x * y);
    }

    private static List<Object> repeated(List<?> list, BigInteger times) {
        if (times.multiply(BigInteger.valueOf(list.size())).bitLength() > MOST_ITEMS_BITS) {
            throw new RenderException("a list of too many items came out");
        }
        List<Object> all = new ArrayList<>();
        for (int i = 0; i < times.intValue(); i++) {
            all.addAll(list);
        }
        return list instanceof Tuple ? new Tuple(all) : all;
    }

    private static Object divide(Object a, Object b) {
        if (!PythonNumber.isNumber(a) || !PythonNumber.isNumber(b)) {
            throw Values.unsupported("/", a, b);
        }
        return PythonNumber.toDouble(a) / PythonNumber.toDouble(notZero(b));
    }

    private static Object remainder(Object a, Object b) {
        if (a instanceof CharSequence format) {
            try {
                return Values.bounded(new PythonPercent(format.toString()).apply(b));
            } catch (IllegalArgumentException e) {
                throw new RenderException(e.getMessage());
            }
        }
        return arithmetic(
                "%",
                a,
                notZero(b),
                (x, y) -> x.subtract(floorDivide(x, y).multiply(y)),
                (x, y) -> x - Math.floor(x / y) * y);
    }

    private static Object power(Object a, Object b) {
        if (PythonNumber.isWhole(a)
                && PythonNumber.isWhole(b)
                && PythonNumber.toWhole(b).signum() >= 0) {
            if (PythonNumber.toWhole(a).bitLength() * PythonNumber.toWhole(b).doubleValue() > MOST_BITS) {
                throw new RenderException("a number of more than " + MOST_BITS + " bits came out");
            }
            return PythonNumber.narrow(
                    PythonNumber.toWhole(a).pow(PythonNumber.toWhole(b).intValue()));
        }
        if (!PythonNumber.isNumber(a) || !PythonNumber.isNumber(b)) {
            throw Values.unsupported("**", a, b);
        }
        return Math.pow(PythonNumber.toDouble(a), PythonNumber.toDouble(b));
    }

    private static Object notZero(Object divisor) {
        if (PythonNumber.isNumber(divisor) && PythonNumber.toDouble(divisor) == 0) {
            throw new RenderException("division by zero");
        }
        return divisor;
    }

    private static BigInteger floorDivide(BigInteger a, BigInteger b) {
        BigInteger[] quotient = a.divideAndRemainder(b);
        return quotient[1].signum() != 0 && quotient[1].signum() != b.signum()
                ? quotient[0].subtract(BigInteger.ONE)
                : quotient[0];
    }

    private static Object arithmetic(
            String operator, Object a, Object b, BinaryOperator<BigInteger> whole, BinaryOperator<Double> fraction) {
        if (!PythonNumber.isNumber(a) || !PythonNumber.isNumber(b)) {
            throw Values.unsupported(operator, a, b);
        }
        if (PythonNumber.isWhole(a) && PythonNumber.isWhole(b)) {
            BigInteger result = whole.apply(PythonNumber.toWhole(a), PythonNumber.toWhole(b));
            if (result.bitLength() > MOST_BITS) {
                throw new RenderException("a number of more than " + MOST_BITS + " bits came out");
            }
            return PythonNumber.narrow(result);
        }
        return fraction.apply(PythonNumber.toDouble(a), PythonNumber.toDouble(b));
    }
}
