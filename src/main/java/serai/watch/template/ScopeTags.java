package serai.watch.template;

import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.tag.Tag;
import com.hubspot.jinjava.tree.TagNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The block tags {@code filter} and {@code with}, which the engine does not have. */
final class ScopeTags {

    private static final Pattern ASSIGNMENT = Pattern.compile("(?:^|,)\\s*([A-Za-z_]\\w*)\\s*=(?!=)");

    private ScopeTags() {}

    private static String body(TagNode tag, JinjavaInterpreter interpreter) {
        StringBuilder out = new StringBuilder();
        tag.getChildren()
                .forEach(
                        node -> Values.bound(out.append(node.render(interpreter).getValue())));
        return out.toString();
    }

    /** {@code filter upper}: applies a filter to the output of the block. */
    static final class FilterTag implements Tag {

        private static final long serialVersionUID = 1L;

        @Override
        public String getName() {
            return "filter";
        }

        @Override
        public String interpret(TagNode tag, JinjavaInterpreter interpreter) {
            try (var scope = interpreter.enterScope()) {
                interpreter.getContext().put("__block", body(tag, interpreter));
                return Values.text(interpreter.resolveELExpression("__block|" + tag.getHelpers(), tag.getLineNumber()));
            }
        }
    }

    /** {@code with a = 1, b = 2}: variables of the block. */
    static final class WithTag implements Tag {

        private static final long serialVersionUID = 1L;

        @Override
        public String getName() {
            return "with";
        }

        @Override
        public String interpret(TagNode tag, JinjavaInterpreter interpreter) {
            try (var scope = interpreter.enterScope()) {
                assignments(tag.getHelpers())
                        .forEach((name, expression) -> interpreter
                                .getContext()
                                .put(
                                        name,
                                        Values.unwrap(
                                                interpreter.resolveELExpression(expression, tag.getLineNumber()))));
                return body(tag, interpreter);
            }
        }
    }

    /** The expressions of a list of assignments, by variable. */
    static Map<String, String> assignments(String text) {
        Map<String, String> assignments = new LinkedHashMap<>();
        Matcher assignment = ASSIGNMENT.matcher(outermost(text));
        String name = null;
        int from = 0;
        while (assignment.find()) {
            if (name != null) {
                assignments.put(name, text.substring(from, assignment.start()));
            }
            name = assignment.group(1);
            from = assignment.end();
        }
        if (name != null) {
            assignments.put(name, text.substring(from));
        }
        return assignments;
    }

    /** The text with quoted parts and parts in brackets replaced by underscores. */
    private static String outermost(String text) {
        StringBuilder plain = new StringBuilder();
        int depth = 0;
        char quote = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean escaped = quote != 0 && i > 0 && text.charAt(i - 1) == '\\';
            depth -= quote == 0 && ")]}".indexOf(c) >= 0 ? 1 : 0;
            plain.append(quote != 0 || depth > 0 ? '_' : c);
            depth += quote == 0 && "([{".indexOf(c) >= 0 ? 1 : 0;
            quote = quote == 0 && (c == '"' || c == '\'') ? c : c == quote && !escaped ? 0 : quote;
        }
        return plain.toString();
    }
}
