package serai.load;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.IOException;
import java.io.UncheckedIOException;

/** JSON, as {@code json} or {@code jsonb} takes it. */
final class JsonFormat implements FieldFormat {

    private static final JsonFactory JSON = new JsonFactory();
    private final boolean binary;
    private final TextFormat text = new TextFormat(-1);

    /** @param binary whether the type is {@code jsonb}, which keeps values and not their text */
    JsonFormat(boolean binary) {
        this.binary = binary;
    }

    @Override
    public String write(char[] chars, int from, int to, CopyBuffer out) {
        try (JsonParser json = JSON.createParser(chars, from, to - from)) {
            int values = 0;
            int depth = 0;
            for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
                depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
                values += depth == 0 ? 1 : 0;
                if (binary && !isKept(json, token)) {
                    return "holds a character that jsonb cannot keep";
                }
            }
            if (values != 1) {
                return "is not JSON";
            }
        } catch (StreamConstraintsException e) {
            // deeper or longer than Jackson reads
            return ServerFormat.judge(chars, from, to, out);
        } catch (JsonProcessingException e) {
            return "is not JSON";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.write(chars, from, to, out);
    }

    /** {@code jsonb} has no NUL and no half of a surrogate pair; both can be written as an escape. */
    private static boolean isKept(JsonParser json, JsonToken token) throws IOException {
        if (token != JsonToken.VALUE_STRING && token != JsonToken.FIELD_NAME) {
            return true;
        }
        String value = json.getText();
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == 0 || Character.isLowSurrogate(c)) {
                return false;
            }
            if (Character.isHighSurrogate(c)) {
                i++;
                if (i == value.length() || !Character.isLowSurrogate(value.charAt(i))) {
                    return false;
                }
            }
        }
        return true;
    }
}
