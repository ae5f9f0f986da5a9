package serai.watch.alerter;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import serai.watch.python.Python;
import serai.watch.rule.Document;

/**
 * An argument of a command with fields of the match: {@code %(user)s}, {@code {user}} or {@code {match[user]}};
 * {@code %%}, <code>{{</code> and <code>}}</code> for the characters themselves. ElastAlert formats the result a second
 * time; here values are never formatted.
 */
public final class CommandArgument {

    private static final String MISSING = "<MISSING VALUE>";
    private static final Pattern PART =
            Pattern.compile("%%|%\\(([^)]*)\\)[-+ #0]*\\d*(?:\\.\\d*)?([sdrfi])|\\{\\{|\\}\\}"
                    + "|\\{match\\[([^\\]{}]*)\\]\\}|\\{([^{}!:]+)\\}|[%{}]");

    private final String text;
    /** Texts and {@link Field}s. */
    private final List<Object> parts = new ArrayList<>();

    private record Field(String name, char form) {

        String of(Map<String, Object> match) {
            Object value = Document.lookup(match, name);
            if (value == null) {
                return MISSING;
            }
            boolean whole = (form == 'd' || form == 'i') && value instanceof Number;
            return form == 'r'
                    ? Python.repr(value)
                    : whole ? String.valueOf(((Number) value).longValue()) : Python.str(value);
        }
    }

    /** @throws IllegalArgumentException when Python would refuse it too, with the fix */
    CommandArgument(String text) {
        this.text = text;
        Matcher part = PART.matcher(text);
        int end = 0;
        while (part.find()) {
            parts.add(text.substring(end, part.start()));
            parts.add(part(part));
            end = part.end();
        }
        parts.add(text.substring(end));
    }

    private static Object part(Matcher part) {
        String found = part.group();
        if (found.equals("%%") || found.equals("{{") || found.equals("}}")) {
            return found.substring(1);
        }
        if (part.group(1) != null) {
            return new Field(part.group(1), part.group(2).charAt(0));
        }
        if (found.length() == 1) {
            throw new IllegalArgumentException(
                    "a single '" + found + "' is not allowed; write '" + found + found + "' for the character itself");
        }
        return new Field(part.group(3) != null ? part.group(3) : part.group(4), 's');
    }

    String text() {
        return text;
    }

    String of(Map<String, Object> match) {
        StringBuilder argument = new StringBuilder();
        parts.forEach(part -> argument.append(part instanceof Field field ? field.of(match) : part));
        // a NUL would cut the argument off
        return argument.toString().replace("\0", "");
    }

    /**
     * The text as a script of /bin/sh. Each field is a variable there, so that the shell never parses its value.
     *
     * @param variables gets the values
     */
    String script(Map<String, Object> match, Map<String, String> variables) {
        StringBuilder script = new StringBuilder();
        for (Object part : parts) {
            if (part instanceof Field field) {
                String name = "SERAI_FIELD_" + variables.size();
                variables.put(name, field.of(match).replace("\0", ""));
                script.append(quoted(script, "${" + name + "}"));
            } else {
                script.append(part);
            }
        }
        return script.toString();
    }

    /** A variable as one word at the end of a script. If the quotes were miscounted, it would still be no command. */
    private static String quoted(CharSequence script, String variable) {
        return switch (openQuote(script)) {
            case '"' -> variable;
            case '\'' -> "'\"" + variable + "\"'";
            default -> "\"" + variable + "\"";
        };
    }

    /** The quote or bracket that is open at the end of a script; a space when there is none. */
    private static char openQuote(CharSequence script) {
        Deque<Character> open = new ArrayDeque<>(List.of(' '));
        for (int i = 0; i < script.length(); i++) {
            char c = script.charAt(i);
            char inside = open.peek();
            if (inside == '\'') {
                if (c == '\'') {
                    open.pop();
                }
            } else if (c == '\\') {
                i++;
            } else if (c == '"' && inside == '"' || c == '`' && inside == '`' || c == ')' && inside == '(') {
                open.pop();
            } else if (c == '`'
                    || c == '"'
                    || c == '(' && (inside != '"' || i > 0 && script.charAt(i - 1) == '$')
                    || c == '\'' && inside != '"') {
                open.push(c);
            }
        }
        return open.peek();
    }
}
