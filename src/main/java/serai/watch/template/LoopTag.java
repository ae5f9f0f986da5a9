package serai.watch.template;

import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.tag.ElseTag;
import com.hubspot.jinjava.lib.tag.Tag;
import com.hubspot.jinjava.tree.Node;
import com.hubspot.jinjava.tree.TagNode;
import com.hubspot.jinjava.util.LengthLimitingStringBuilder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code for a, b in list if condition}, and {@code else} for an empty list, which the engine's own tag has not. */
final class LoopTag implements Tag {

    private static final long serialVersionUID = 1L;
    private static final Pattern HEAD = Pattern.compile(
            "\\s*\\(?\\s*([A-Za-z_]\\w*(?:\\s*,\\s*[A-Za-z_]\\w*)*)\\s*\\)?\\s+in\\s+(.*)", Pattern.DOTALL);
    private static final Pattern QUOTED =
            Pattern.compile("'(?:[^'\\\\]|\\\\.)*'|\"(?:[^\"\\\\]|\\\\.)*\"", Pattern.DOTALL);
    private static final Pattern CONDITION = Pattern.compile("\\sif\\s");
    private static final Pattern ELSE = Pattern.compile("\\selse\\s");

    /**
     * What follows {@code for}.
     *
     * @param condition null when there is none
     */
    record Head(List<String> names, String items, String condition) {

        /** @throws RenderException when the text is no head of a loop */
        static Head of(String text) {
            Matcher head = HEAD.matcher(text);
            if (!head.matches()) {
                throw new RenderException("Tag 'for' expects valid 'in' clause, got: " + text.strip());
            }
            String items = head.group(2);
            String plain = QUOTED.matcher(items)
                    .replaceAll(quoted -> "_".repeat(quoted.group().length()));
            Matcher condition = CONDITION.matcher(plain);
            boolean found = condition.find() && !ELSE.matcher(plain).find(condition.end() - 1);
            return new Head(
                    Arrays.asList(head.group(1).strip().split("\\s*,\\s*")),
                    found ? items.substring(0, condition.start()) : items,
                    found ? items.substring(condition.end()) : null);
        }
    }

    @Override
    public String getName() {
        return "for";
    }

    @Override
    public String interpret(TagNode tag, JinjavaInterpreter interpreter) {
        Head head = Head.of(tag.getHelpers());
        Object value = Values.unwrap(interpreter.resolveELExpression(head.items(), tag.getLineNumber()));
        List<Object> items = value instanceof Undefined ? List.of() : Elements.of(value);
        try (var scope = interpreter.enterScope()) {
            if (head.condition() != null) {
                items = items.stream()
                        .filter(item -> {
                            put(head.names(), item, interpreter);
                            return Truth.of(interpreter.resolveELExpression(head.condition(), tag.getLineNumber()));
                        })
                        .toList();
            }
            return loop(tag, head.names(), items, interpreter);
        }
    }

    private static String loop(TagNode tag, List<String> names, List<Object> items, JinjavaInterpreter interpreter) {
        List<Node> body = new ArrayList<>();
        List<Node> alternative = new ArrayList<>();
        boolean isAlternative = false;
        for (Node node : tag.getChildren()) {
            if (node instanceof TagNode inner && inner.getName().equals(ElseTag.TAG_NAME)) {
                isAlternative = true;
            } else {
                (isAlternative ? alternative : body).add(node);
            }
        }
        LengthLimitingStringBuilder out =
                new LengthLimitingStringBuilder(interpreter.getConfig().getMaxOutputSize());
        Loop loop = new Loop(items.stream().map(Values::unwrap).toList());
        interpreter.getContext().put("loop", loop);
        while (loop.hasNext()) {
            put(names, loop.next(), interpreter);
            body.forEach(node -> out.append(node.render(interpreter)));
        }
        if (items.isEmpty()) {
            alternative.forEach(node -> out.append(node.render(interpreter)));
        }
        return out.toString();
    }

    private static void put(List<String> names, Object item, JinjavaInterpreter interpreter) {
        if (names.size() == 1) {
            interpreter.getContext().put(names.get(0), Values.unwrap(item));
            return;
        }
        List<Object> parts = Elements.of(Values.unwrap(item));
        if (parts.size() != names.size()) {
            throw new RenderException(
                    "not enough values to unpack (expected " + names.size() + ", got " + parts.size() + ")");
        }
        for (int i = 0; i < names.size(); i++) {
            interpreter.getContext().put(names.get(i), Values.unwrap(parts.get(i)));
        }
    }
}
