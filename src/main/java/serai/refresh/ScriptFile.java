package serai.refresh;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import serai.edits.EditRefusedException;
import serai.warehouse.Relation;
import serai.warehouse.SqlScript;
import serai.warehouse.SqlSyntaxException;

/** Reads a file with {@code @kind script}. */
final class ScriptFile {

    private static final List<String> KEYS = List.of("kind", "reads", "writes", "owner", "about");
    private static final Pattern KIND = Pattern.compile("(?m)^\\s*--\\s*@kind\\s+script\\s*$");
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,54}");
    private static final Pattern READ = Pattern.compile("[a-z_][a-z0-9_]*(\\.[a-z_][a-z0-9_]*)?");
    private static final Pattern WRITTEN = Pattern.compile("(landing|app|staging|star|report)\\.[a-z_][a-z0-9_]*");

    private ScriptFile() {}

    static boolean owns(String text) {
        return KIND.matcher(text).find();
    }

    /**
     * Reads a file.
     *
     * @throws EditRefusedException with the line and the fix
     */
    static Script parse(Path file, String text) throws EditRefusedException {
        String name = file.getFileName().toString().replaceFirst("\\.sql$", "");
        if (!NAME.matcher(name).matches() || file.getNameCount() != 3) {
            throw new EditRefusedException(
                    file, null, "a script is a file such as sql/facts/NAME.sql: use a-z, 0-9 and _");
        }
        ModelHeader header = ModelHeader.parse(file, text, KEYS, Set.of("writes"));
        header.required("writes", "a script needs @writes: what it fills, such as star.scores");
        List<Relation> writes = new ArrayList<>();
        for (ModelHeader.Entry entry : header.all("writes")) {
            for (String relation : header.names(entry, entry.value(), READ, "a relation")) {
                if (!WRITTEN.matcher(relation).matches()) {
                    throw header.refuse(
                            entry, relation + " has no schema of models: write landing, app, staging, star or report");
                }
                writes.add(Relation.of(relation));
            }
        }
        statements(file, text, Map.of("now", "null", "run_id", "null"));
        return new Script(
                file,
                name,
                header.names("reads", READ, "a relation"),
                List.copyOf(writes),
                header.value("owner"),
                header.required("about", "there is no @about: write what the script does"),
                text,
                header.lines());
    }

    /**
     * The statements of a script.
     *
     * @param parameters what to write for each parameter
     * @throws EditRefusedException when one cannot be run in a transaction, with its line
     */
    static List<SqlScript.Statement> statements(Path file, String text, Map<String, String> parameters)
            throws EditRefusedException {
        try {
            List<SqlScript.Statement> statements =
                    SqlScript.of(text, parameters::get).statements();
            for (SqlScript.Statement statement : statements) {
                if (statement.verb().equals("copy") || statement.text().startsWith("\\")) {
                    throw new EditRefusedException(
                            file,
                            statement.line(),
                            "a script has plain statements, without COPY and commands of psql: load files by a route");
                }
            }
            return statements;
        } catch (SqlSyntaxException e) {
            throw new EditRefusedException(file, e.line(), e.getMessage());
        }
    }
}
