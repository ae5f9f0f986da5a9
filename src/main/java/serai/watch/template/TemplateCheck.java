package serai.watch.template;

import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.interpret.TemplateError;
import com.hubspot.jinjava.tree.ExpressionNode;
import com.hubspot.jinjava.tree.Node;
import com.hubspot.jinjava.tree.TagNode;
import com.hubspot.jinjava.tree.parse.ExpressionToken;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jinjava.de.odysseus.el.tree.TreeBuilderException;
import jinjava.de.odysseus.el.tree.impl.Builder;

/** Finds the mistakes of a template that show without values: syntax, and unknown filters, tests and tags. */
final class TemplateCheck {

    private static final Pattern CODE = Pattern.compile("\\{\\{(.*?)\\}\\}|\\{%(.*?)%\\}", Pattern.DOTALL);
    private static final Pattern NOT_CODE =
            Pattern.compile("\\{#.*?#\\}|\\{%-?\\s*raw\\s*-?%\\}.*?\\{%-?\\s*endraw\\s*-?%\\}", Pattern.DOTALL);
    private static final Pattern QUOTED =
            Pattern.compile("'(?:[^'\\\\]|\\\\.)*'|\"(?:[^\"\\\\]|\\\\.)*\"", Pattern.DOTALL);
    private static final Pattern FILTER = Pattern.compile("\\|\\s*([A-Za-z_]\\w*)");
    private static final Pattern TEST = Pattern.compile("(?<![\\w.])is\\s+(?:not\\s+)?([A-Za-z_]\\w*)");
    private static final Pattern TAG = Pattern.compile("[-+]?\\s*(\\w+)");
    private static final Set<String> TAGS = Set.of(
            "if",
            "elif",
            "else",
            "endif",
            "for",
            "endfor",
            "set",
            "endset",
            "macro",
            "endmacro",
            "call",
            "endcall",
            "filter",
            "endfilter",
            "include",
            "import",
            "from",
            "extends",
            "block",
            "endblock",
            "raw",
            "endraw",
            "with",
            "endwith",
            "autoescape",
            "endautoescape",
            "print");

    private final Builder expressions =
            new ExpressionParser.Trees(Builder.Feature.METHOD_INVOCATIONS, Builder.Feature.VARARGS);

    private TemplateCheck() {}

    static void of(String source) throws TemplateException {
        try (var current = JinjavaInterpreter.closeablePushCurrent(
                        JinjaEngine.shared().newInterpreter())
                .get()) {
            JinjavaInterpreter interpreter = current.value();
            names(source);
            Node root = interpreter.parse(source);
            if (!interpreter.getErrorsCopy().isEmpty()) {
                TemplateError error = interpreter.getErrorsCopy().get(0);
                throw new TemplateException("line " + Math.max(1, error.getLineno()) + ": " + error.getMessage());
            }
            new TemplateCheck().nodes(root);
        } catch (RenderException e) {
            throw new TemplateException(e.getMessage());
        }
    }

    private static void names(String source) {
        Matcher code = CODE.matcher(NOT_CODE.matcher(source).replaceAll(""));
        while (code.find()) {
            String plain = QUOTED.matcher(code.group()).replaceAll("''");
            Matcher tag = TAG.matcher(code.group(2) == null ? "" : code.group(2));
            if (tag.lookingAt() && !TAGS.contains(tag.group(1))) {
                throw new RenderException("Encountered unknown tag '" + tag.group(1) + "'.");
            }
            FILTER.matcher(plain).results().forEach(filter -> JinjaFilter.named(filter.group(1)));
            TEST.matcher(plain).results().forEach(test -> JinjaTest.named(test.group(1)));
        }
    }

    private void nodes(Node parent) {
        for (Node node : parent.getChildren()) {
            if (node instanceof ExpressionNode) {
                expression(((ExpressionToken) node.getMaster()).getExpr(), node);
            } else if (node instanceof TagNode tag) {
                tag(tag);
                nodes(node);
            }
        }
    }

    private void tag(TagNode tag) {
        switch (tag.getName()) {
            case "if", "elif" -> expression(tag.getHelpers(), tag);
            case "for" -> {
                LoopTag.Head head = LoopTag.Head.of(tag.getHelpers());
                expression(head.items(), tag);
                expression(head.condition() == null ? "true" : head.condition(), tag);
            }
            case "set", "with" ->
                ScopeTags.assignments(tag.getHelpers()).values().forEach(value -> expression(value, tag));
            default -> {
                // no expression
            }
        }
    }

    private void expression(String text, Node node) {
        try {
            expressions.build("#{" + text.strip() + "}");
        } catch (TreeBuilderException e) {
            throw new RenderException(
                    "line " + node.getLineNumber() + ": '" + text.strip() + "' is no expression: " + e.getMessage());
        } catch (RuntimeException e) {
            throw e instanceof RenderException failure
                    ? failure
                    : new RenderException("line " + node.getLineNumber() + ": '" + text.strip() + "' is no expression");
        }
    }
}
