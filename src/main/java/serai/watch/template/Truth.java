package serai.watch.template;

import com.hubspot.jinjava.el.TruthyTypeConverter;
import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.tag.IfTag;
import com.hubspot.jinjava.tree.TagNode;
import java.util.Collection;
import serai.watch.python.Python;

/** Python's truth of values: the text "false" is true, an empty list is false. */
final class Truth {

    private Truth() {}

    static boolean of(Object value) {
        return value instanceof Collection<?> list && !(value instanceof Undefined)
                ? !list.isEmpty()
                : Python.truthy(Values.unwrap(value));
    }

    /** Makes the engine's operators use it. */
    static final class Converter extends TruthyTypeConverter {

        private static final long serialVersionUID = 1L;

        @Override
        protected Boolean coerceToBoolean(Object value) {
            return of(value);
        }
    }

    /** {@code if} and {@code elif} with it. */
    static final class Branches extends IfTag {

        private static final long serialVersionUID = 1L;

        @Override
        public boolean isPositiveIfElseNode(TagNode node, JinjavaInterpreter interpreter) {
            return of(
                    interpreter.resolveELExpression(node.getHelpers(), node.getLineNumber(), node.getStartPosition()));
        }
    }
}
