package serai.load;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.regex.Pattern;

/** JSON, as {@code jsonb} takes it. */
final class JsonFormat implements FieldFormat {

    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    /** What jsonb refuses of well-formed JSON: NUL, half a surrogate pair, numbers of 10^10000 and more. */
    private static final Pattern REFUSED =
            Pattern.compile("\\\\u0000|\\\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\\\u[dD][c-fC-F])"
                    + "|(?<!\\\\u[dD][89abAB][0-9a-fA-F]{2})\\\\u[dD][c-fC-F]|[eE][+-]?\\d{5}");

    private final TextFormat text = new TextFormat(-1);

    @Override
    public String write(char[] chars, int from, int to, CopyBuffer out) {
        String json = new String(chars, from, to - from);
        try {
            if (JSON.readTree(json).isMissingNode()) {
                return "is not JSON";
            }
        } catch (JsonProcessingException e) {
            return "is not JSON";
        }
        if (REFUSED.matcher(json).find()) {
            return "holds a character or a number that the database cannot keep";
        }
        return text.write(chars, from, to, out);
    }
}
