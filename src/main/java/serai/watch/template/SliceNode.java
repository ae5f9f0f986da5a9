package serai.watch.template;

import com.hubspot.jinjava.el.ext.AstRangeBracket;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import jinjava.de.odysseus.el.tree.Bindings;
import jinjava.de.odysseus.el.tree.impl.ast.AstNode;
import jinjava.javax.el.ELContext;
import serai.watch.python.PythonNumber;
import serai.watch.python.PythonText;

/** Python's slice of a text or a list, {@code value[from:to]}: bounds beyond its ends are its ends. */
final class SliceNode extends AstRangeBracket {

    SliceNode(AstNode base, AstNode from, AstNode to, boolean lvalue, boolean strict) {
        super(base, from, to, lvalue, strict, false);
    }

    @Override
    public Object eval(Bindings bindings, ELContext context) {
        Object base = Values.unwrap(prefix.eval(bindings, context));
        if (base instanceof Undefined undefined) {
            throw undefined.used();
        }
        boolean list = base instanceof List;
        if (!list && !(base instanceof CharSequence)) {
            throw new RenderException("'" + Values.typeName(base) + "' object is not subscriptable");
        }
        int size = list ? ((List<?>) base).size() : PythonText.length(base.toString());
        int from = bound(property, 0, size, bindings, context);
        int to = Math.max(from, bound(rangeMax, size, size, bindings, context));
        if (list) {
            return new ArrayList<>(((List<?>) base).subList(from, to));
        }
        String text = base.toString();
        return text.substring(text.offsetByCodePoints(0, from), text.offsetByCodePoints(0, to));
    }

    private static int bound(AstNode node, int defaultValue, int size, Bindings bindings, ELContext context) {
        Object value = node == null ? null : node.eval(bindings, context);
        if (value == null || value instanceof None) {
            return defaultValue;
        }
        if (!PythonNumber.isWhole(value)) {
            throw new RenderException("slice indices must be integers or None or have an __index__ method");
        }
        int index = PythonNumber.toWhole(value)
                .max(BigInteger.valueOf(-size))
                .min(BigInteger.valueOf(size))
                .intValue();
        return index < 0 ? index + size : index;
    }
}
