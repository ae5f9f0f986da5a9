package serai.refresh;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import serai.edits.EditRefusedException;
import serai.warehouse.SelectText;

/**
 * A file of {@code sql/tests}: a SELECT of rows that must not exist.
 *
 * @param about what must hold, in a sentence, or null
 * @param owner who answers for it, or null
 * @param on the model in whose transaction it runs; null for the last of those that it reads
 * @param sample the columns of failing rows that may be kept
 * @param lines the line of each header
 */
record DataTest(
        Path file,
        String name,
        String about,
        String owner,
        Severity severity,
        String on,
        List<String> sample,
        SelectText sql,
        Map<String, Integer> lines)
        implements SqlFile {

    private static final Pattern WORD = Pattern.compile("[a-z_][a-z0-9_]*");

    /** All words of the SELECT: what it reads is among them. {@link ModelGraph#tests} has the relations. */
    @Override
    public List<String> reads() {
        return WORD.matcher(sql.compact())
                .results()
                .map(MatchResult::group)
                .distinct()
                .toList();
    }

    /** Identifies what it asks; comments and white space do not count. */
    String hash() {
        return Sha256.of(sql.compact(), severity.toString(), String.join(",", sample));
    }

    @Override
    public EditRefusedException refuse(String header, String reason) {
        return new EditRefusedException(file, header == null ? null : lines.get(header), reason);
    }
}
