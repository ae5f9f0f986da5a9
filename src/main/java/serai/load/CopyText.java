package serai.load;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Reads rows of COPY's text format as {@link CopyBuffer} writes them. */
final class CopyText {

    private CopyText() {}

    /** The fields of a row; null for NULL. */
    static List<String> fields(String row) {
        List<String> fields = new ArrayList<>();
        Arrays.stream(row.split("\t", -1)).map(CopyText::field).forEach(fields::add);
        return fields;
    }

    private static String field(String text) {
        if (text.equals("\\N")) {
            return null;
        }
        StringBuilder value = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\') {
                c = switch (text.charAt(++i)) {
                    case 't' -> '\t';
                    case 'n' -> '\n';
                    case 'r' -> '\r';
                    default -> text.charAt(i);
                };
            }
            value.append(c);
        }
        return value.toString();
    }
}
