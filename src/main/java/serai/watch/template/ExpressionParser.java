package serai.watch.template;

import com.hubspot.jinjava.el.ext.AstRangeBracket;
import com.hubspot.jinjava.el.ext.AstTuple;
import com.hubspot.jinjava.el.ext.CollectionMembershipOperator;
import com.hubspot.jinjava.el.ext.CollectionNonMembershipOperator;
import com.hubspot.jinjava.el.ext.ExtendedParser;
import com.hubspot.jinjava.el.ext.PowerOfOperator;
import com.hubspot.jinjava.el.ext.StringConcatOperator;
import com.hubspot.jinjava.el.ext.TruncDivOperator;
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

/** Reads the expressions of templates, with the operators of Python. */
final class ExpressionParser extends ExtendedParser {

    private static final Map<Scanner.Symbol, AstBinary.Operator> ORDERS = Map.of(
            Scanner.Symbol.LT,
            AstBinary.LT,
            Scanner.Symbol.LE,
            AstBinary.LE,
            Scanner.Symbol.GT,
            AstBinary.GT,
            Scanner.Symbol.GE,
            AstBinary.GE);

    private ExpressionParser(Builder context, String input) {
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
     * Parentheses: a tuple when there is a comma, also after a single item. The engine's own method also takes the
     * comma of a dictionary inside them for that.
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

    /** Reads items separated by commas, of which the last may be followed by one; returns whether there is a comma. */
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

    /** {@code not} binds less than comparisons and tests. */
    @Override
    protected AstNode eq(boolean required) throws Scanner.ScanException, Parser.ParseException {
        if (getToken().getSymbol() != Scanner.Symbol.NOT) {
            return super.eq(required);
        }
        consumeToken();
        return createAstUnary(eq(true), AstUnary.NOT);
    }

    /** Powers bind more than products. */
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
            List<AstNode> arguments = new ArrayList<>(List.of(value, interpreter()));
            AstNode argument = value();
            if (argument != null) {
                arguments.add(argument);
            }
            value = createAstMethod(
                    createAstDot(identifier(EXPTEST_PREFIX + name), not ? "evaluateNegated" : "evaluate", true),
                    createAstParameters(arguments));
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
        return new SliceNode(base, from, to, lvalue, strict);
    }

    @Override
    protected AstBinary createAstBinary(AstNode left, AstNode right, AstBinary.Operator operator) {
        return super.createAstBinary(left, right, Operators.python(operator));
    }

    /** Builds the trees of the engine's expression factory with this parser. */
    static final class Trees extends Builder {

        private static final long serialVersionUID = 1L;

        Trees(Feature... features) {
            super(features);
        }

        @Override
        protected Parser createParser(String expression) {
            return new ExpressionParser(this, expression);
        }
    }
}
