package serai.watch.template;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

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

import jinjava.de.odysseus.el.tree.Bindings;
import jinjava.de.odysseus.el.tree.impl.Builder;
import jinjava.de.odysseus.el.tree.impl.Parser;
import jinjava.de.odysseus.el.tree.impl.Scanner;
import jinjava.de.odysseus.el.tree.impl.ast.AstBinary;
import jinjava.de.odysseus.el.tree.impl.ast.AstNode;
import jinjava.de.odysseus.el.tree.impl.ast.AstParameters;
import jinjava.javax.el.ELContext;

/** Reads expressions of templates; their operators are Python's. */
final class PythonParser extends ExtendedParser {

    private static final Map<AstBinary.Operator, AstBinary.Operator> OPERATORS = Map.ofEntries(
            Map.entry(AstBinary.AND, Operators.AND), Map.entry(OrOperator.OP, Operators.OR), Map.entry(AstBinary.EQ, Operators.EQ),
            Map.entry(AstBinary.NE, Operators.NE), Map.entry(AstBinary.LT, Operators.LT), Map.entry(AstBinary.LE, Operators.LE),
            Map.entry(AstBinary.GT, Operators.GT), Map.entry(AstBinary.GE, Operators.GE), Map.entry(AdditionOperator.OP, Operators.ADD),
            Map.entry(AstBinary.SUB, Operators.SUB), Map.entry(AstBinary.MUL, Operators.MUL), Map.entry(AstBinary.DIV, Operators.DIV),
            Map.entry(AstBinary.MOD, Operators.MOD));

    private PythonParser(Builder context, String input) {
        super(context, input);
        put(StringConcatOperator.TOKEN, Parser.ExtensionPoint.ADD, Operators.CONCAT);
        put(TruncDivOperator.TOKEN, Parser.ExtensionPoint.MUL, Operators.FLOOR_DIV);
        put(PowerOfOperator.TOKEN, Parser.ExtensionPoint.MUL, Operators.POWER);
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
    protected AstRangeBracket createAstRangeBracket(AstNode base, AstNode from, AstNode to, boolean lvalue, boolean strict) {
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
                return new ArrayList<>(list.subList(from, Math.max(from, bound(rangeMax, list.size(), list.size(), bindings, context))));
            }
            if (!(base instanceof CharSequence)) {
                throw new Failure("'" + Values.kind(base) + "' object is not subscriptable");
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
                throw new Failure("slice indices must be integers or None or have an __index__ method");
            }
            int index = Values.whole(value).max(BigInteger.valueOf(-size)).min(BigInteger.valueOf(size)).intValue();
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
