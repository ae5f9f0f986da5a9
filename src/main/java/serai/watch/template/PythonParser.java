package serai.watch.template;

import com.hubspot.jinjava.el.ext.AdditionOperator;
import com.hubspot.jinjava.el.ext.AstRangeBracket;
import com.hubspot.jinjava.el.ext.AstTuple;
import com.hubspot.jinjava.el.ext.CollectionMembershipOperator;
import com.hubspot.jinjava.el.ext.CollectionNonMembershipOperator;
import com.hubspot.jinjava.el.ext.ExtendedParser;
import com.hubspot.jinjava.el.ext.OrOperator;
import com.hubspot.jinjava.el.ext.PowerOfOperator;
import com.hubspot.jinjava.el.ext.StringConcatOperator;
import com.hubspot.jinjava.el.ext.TruncDivOperator;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import jinjava.de.odysseus.el.tree.Bindings;
import jinjava.de.odysseus.el.tree.impl.Builder;
import jinjava.de.odysseus.el.tree.impl.Parser;
import jinjava.de.odysseus.el.tree.impl.Scanner;
import jinjava.de.odysseus.el.tree.impl.ast.AstBinary;
import jinjava.de.odysseus.el.tree.impl.ast.AstNode;
import jinjava.de.odysseus.el.tree.impl.ast.AstParameters;
import jinjava.de.odysseus.el.tree.impl.ast.AstUnary;
import jinjava.javax.el.ELContext;

/** Reads expressions of templates; their operators are Python's. */
final class PythonParser extends ExtendedParser {

    private static final Map<AstBinary.Operator, AstBinary.Operator> OPERATORS = Map.ofEntries(
            Map.entry(AstBinary.AND, Operators.AND),
            Map.entry(OrOperator.OP, Operators.OR),
            Map.entry(AstBinary.EQ, Operators.EQ),
            Map.entry(AstBinary.NE, Operators.NE),
            Map.entry(AstBinary.LT, Operators.LT),
            Map.entry(AstBinary.LE, Operators.LE),
            Map.entry(AstBinary.GT, Operators.GT),
            Map.entry(AstBinary.GE, Operators.GE),
            Map.entry(AdditionOperator.OP, Operators.ADD),
            Map.entry(AstBinary.SUB, Operators.SUB),
            Map.entry(AstBinary.MUL, Operators.MUL),
            Map.entry(AstBinary.DIV, Operators.DIV),
            Map.entry(AstBinary.MOD, Operators.MOD));

    private static final Map<Scanner.Symbol, AstBinary.Operator> ORDERS = Map.of(
            Scanner.Symbol.LT,
            AstBinary.LT,
            Scanner.Symbol.LE,
            AstBinary.LE,
            Scanner.Symbol.GT,
            AstBinary.GT,
            Scanner.Symbol.GE,
            AstBinary.GE);

    private PythonParser(Builder context, String input) {
        super(context, input);
        put(StringConcatOperator.TOKEN, Parser.ExtensionPoint.ADD, Operators.CONCAT);
        put(TruncDivOperator.TOKEN, Parser.ExtensionPoint.MUL, Operators.FLOOR_DIV);
        put(CollectionMembershipOperator.TOKEN, Parser.ExtensionPoint.CMP, Operators.IN);
        put(CollectionNonMembershipOperator.TOKEN, Parser.ExtensionPoint.CMP, Operators.NOT_IN);
    }

    private void put(Scanner.ExtensionToken token, Parser.ExtensionPoint level, AstBinary.Operator operator) {
        putExtensionHandler(token, new ExtensionHandler(level) {
            @Override
            public AstNode createAstNode(AstNode... children) {
                return new AstBinary(children[0], children[1], operator);
            }
        });
    }

    /**
     * Parentheses: a tuple when there is a comma, also behind the only item; the engine's own takes a dictionary's
     * comma for one.
     */
    @Override
    protected AstNode nonliteral() throws Scanner.ScanException, Parser.ParseException {
        if (getToken().getSymbol() != Scanner.Symbol.LPAREN) {
            return super.nonliteral();
        }
        consumeToken();
        List<AstNode> items = new ArrayList<>();
        boolean commas = read(items);
        consumeToken(Scanner.Symbol.RPAREN);
        return commas || items.isEmpty() ? createAstTuple(createAstParameters(items)) : createAstNested(items.get(0));
    }

    @Override
    protected AstParameters params(Scanner.Symbol left, Scanner.Symbol right)
            throws Scanner.ScanException, Parser.ParseException {
        consumeToken(left);
        List<AstNode> items = new ArrayList<>();
        read(items);
        consumeToken(right);
        return createAstParameters(items);
    }

    /** Reads what stands between commas, of which one may be the last; whether there was any. */
    private boolean read(List<AstNode> items) throws Scanner.ScanException, Parser.ParseException {
        boolean commas = false;
        AstNode item = expr(false);
        while (item != null) {
            items.add(item);
            boolean more = getToken().getSymbol() == Scanner.Symbol.COMMA;
            if (more) {
                consumeToken();
                commas = true;
            }
            item = more ? expr(false) : null;
        }
        return commas;
    }

    /** {@code not} binds less than comparisons do, and than tests. */
    @Override
    protected AstNode eq(boolean required) throws Scanner.ScanException, Parser.ParseException {
        if (getToken().getSymbol() != Scanner.Symbol.NOT) {
            return super.eq(required);
        }
        consumeToken();
        return createAstUnary(eq(true), AstUnary.NOT);
    }

    /** Powers come before products. */
    @Override
    protected AstNode filter(boolean required) throws Scanner.ScanException, Parser.ParseException {
        AstNode value = tested(required);
        while (value != null && getToken() == PowerOfOperator.TOKEN) {
            consumeToken();
            value = createAstBinary(value, tested(true), Operators.POWER);
        }
        return value;
    }

    /** A test may follow filters: {@code list|length is gt 3}. */
    private AstNode tested(boolean required) throws Scanner.ScanException, Parser.ParseException {
        AstNode value = super.filter(required);
        while (value != null && "is".equals(getToken().getImage())) {
            consumeToken();
            boolean not = "not".equals(getToken().getImage());
            if (not) {
                consumeToken();
            }
            String name = consumeToken().getImage();
            List<AstNode> given = new ArrayList<>(List.of(value, interpreter()));
            AstNode argument = value();
            if (argument != null) {
                given.add(argument);
            }
            value = createAstMethod(
                    createAstDot(identifier(EXPTEST_PREFIX + name), not ? "evaluateNegated" : "evaluate", true),
                    createAstParameters(given));
        }
        return value;
    }

    /** {@code 0 < n < 5} is {@code 0 < n and n < 5}. */
    @Override
    protected AstNode cmp(boolean required) throws Scanner.ScanException, Parser.ParseException {
        AstNode all = super.cmp(required);
        AstNode last = all;
        while (last instanceof AstBinary && ORDERS.containsKey(getToken().getSymbol())) {
            AstBinary.Operator order = ORDERS.get(consumeToken().getSymbol());
            last = createAstBinary((AstNode) last.getChild(1), add(true), order);
            all = createAstBinary(all, last, AstBinary.AND);
        }
        return all;
    }

    @Override
    protected AstTuple createAstTuple(AstParameters items) {
        return new AstTuple(items) {
            @Override
            public Object eval(Bindings bindings, ELContext context) {
                return new Tuple((Collection<?>) super.eval(bindings, context));
            }
        };
    }

    @Override
    protected AstRangeBracket createAstRangeBracket(
            AstNode base, AstNode from, AstNode to, boolean lvalue, boolean strict) {
        return new Slice(base, from, to, lvalue, strict);
    }

    /** A part of a text or a list: bounds beyond its ends are its ends. */
    private static final class Slice extends AstRangeBracket {

        Slice(AstNode base, AstNode from, AstNode to, boolean lvalue, boolean strict) {
            super(base, from, to, lvalue, strict, false);
        }

        @Override
        public Object eval(Bindings bindings, ELContext context) {
            Object base = Values.own(prefix.eval(bindings, context));
            if (base instanceof Undefined undefined) {
                throw undefined.used();
            }
            if (base instanceof List<?> list) {
                int from = bound(property, 0, list.size(), bindings, context);
                return new ArrayList<>(list.subList(
                        from, Math.max(from, bound(rangeMax, list.size(), list.size(), bindings, context))));
            }
            if (!(base instanceof CharSequence)) {
                throw new RenderException("'" + Values.kind(base) + "' object is not subscriptable");
            }
            String text = base.toString();
            int length = text.codePointCount(0, text.length());
            int from = bound(property, 0, length, bindings, context);
            int to = Math.max(from, bound(rangeMax, length, length, bindings, context));
            return text.substring(text.offsetByCodePoints(0, from), text.offsetByCodePoints(0, to));
        }

        private static int bound(AstNode node, int otherwise, int size, Bindings bindings, ELContext context) {
            Object value = node == null ? null : node.eval(bindings, context);
            if (value == null || value instanceof None) {
                return otherwise;
            }
            if (!Values.isWhole(value)) {
                throw new RenderException("slice indices must be integers or None or have an __index__ method");
            }
            int index = Values.whole(value)
                    .max(BigInteger.valueOf(-size))
                    .min(BigInteger.valueOf(size))
                    .intValue();
            return index < 0 ? index + size : index;
        }
    }

    @Override
    protected AstBinary createAstBinary(AstNode left, AstNode right, AstBinary.Operator operator) {
        return super.createAstBinary(left, right, OPERATORS.getOrDefault(operator, operator));
    }

    /** What the engine's expression factory makes its trees with. */
    static final class Trees extends Builder {

        private static final long serialVersionUID = 1L;

        Trees(Feature... features) {
            super(features);
        }

        @Override
        protected Parser createParser(String expression) {
            return new PythonParser(this, expression);
        }
    }
}
