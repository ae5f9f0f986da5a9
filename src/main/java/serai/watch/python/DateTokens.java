package serai.watch.python;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * The text of a time in runs of letters, numbers and single other characters, as dateutil splits it: a dot or a comma
 * is part of a number where it is a decimal separator, and a token of its own where it separates words or dates.
 */
final class DateTokens {

    private enum State {
        NONE,
        WORD,
        NUMBER,
        DOTTED_WORD,
        DOTTED_NUMBER
    }

    private final String text;
    private final Deque<String> pending = new ArrayDeque<>();
    private int at;

    private DateTokens(String text) {
        this.text = text;
    }

    static List<String> of(String text) {
        DateTokens tokens = new DateTokens(text.replace("\0", ""));
        List<String> all = new ArrayList<>();
        while (!tokens.pending.isEmpty() || tokens.at < tokens.text.length()) {
            all.add(tokens.pending.isEmpty() ? tokens.next() : tokens.pending.remove());
        }
        return all;
    }

    private String next() {
        int from = at;
        State state = State.NONE;
        boolean letters = false;
        do {
            char c = text.charAt(at);
            State next = next(state, c, from);
            letters |= state == State.WORD || state == State.DOTTED_WORD;
            if (next == null) {
                break;
            }
            state = next;
            at++;
        } while (state != State.NONE && at < text.length());
        String token = text.substring(from, at);
        return switch (state) {
            case NONE -> Character.isWhitespace(token.charAt(0)) ? " " : token;
            case WORD, NUMBER -> token;
            case DOTTED_WORD, DOTTED_NUMBER -> dotted(token, letters, state);
        };
    }

    /** The state after a character; null when the token ends before it. */
    private State next(State state, char c, int from) {
        boolean afterDot = at > from && text.charAt(at - 1) == '.';
        boolean word = Character.isLetter(c);
        boolean digit = isDigit(c);
        return switch (state) {
            case NONE -> word ? State.WORD : digit ? State.NUMBER : State.NONE;
            case WORD -> word ? State.WORD : c == '.' ? State.DOTTED_WORD : null;
            case NUMBER -> digit ? State.NUMBER : c == '.' || c == ',' && at - from >= 2 ? State.DOTTED_NUMBER : null;
            case DOTTED_WORD -> c == '.' || word ? State.DOTTED_WORD : digit && afterDot ? State.DOTTED_NUMBER : null;
            case DOTTED_NUMBER -> c == '.' || digit ? State.DOTTED_NUMBER : word && afterDot ? State.DOTTED_WORD : null;
        };
    }

    private String dotted(String token, boolean letters, State state) {
        String first = token;
        long dots = token.chars().filter(c -> c == '.').count();
        if (letters || dots > 1 || token.endsWith(".") || token.endsWith(",")) {
            List<String> parts = Arrays.asList(token.split("(?<=[.,])|(?=[.,])"));
            first = parts.get(0);
            pending.addAll(parts.subList(1, parts.size()));
        }
        return state == State.DOTTED_NUMBER && first.indexOf('.') < 0 ? first.replace(',', '.') : first;
    }

    static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
