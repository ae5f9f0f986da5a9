package serai.load.replicate.mariadb;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A statement in the log, and what it means for tables that are followed.
 *
 * @param tables those of the followed tables that it is about, as {@code database.table}
 */
public record LoggedStatement(Effect effect, List<String> tables) {

    /** What a statement does. */
    public enum Effect {
        /** Nothing that concerns rows or columns. */
        NONE,
        /** Tables may have come, gone or got other columns. */
        CATALOG,
        /** Tables have lost all rows. */
        TRUNCATE,
        /** Tables have other rows or columns, and the log has nothing of these rows. */
        OTHER_ROWS,
        /** A transaction that another session has prepared is committed. */
        COMMIT_PREPARED
    }

    private static final Pattern NOISE = Pattern.compile(
            "/\\*.*?\\*/|--\\s[^\\n]*|#[^\\n]*|'(?:[^'\\\\]|\\\\.|'')*'|\"(?:[^\"\\\\]|\\\\.)*\"", Pattern.DOTALL);
    private static final String NAME = "(?:`(?:[^`]|``)+`|[\\w$]+)";
    private static final Pattern NAMES =
            Pattern.compile(NAME + "(?:\\s*\\.\\s*" + NAME + ")?", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern CREATE = Pattern.compile(
            "create (or replace )?table (if not exists )?(" + NAME + "(?:\\s*\\.\\s*" + NAME + ")?).*",
            Pattern.CASE_INSENSITIVE | Pattern.DOTALL | Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern ALTER = Pattern.compile(
            "alter (?:online )?(?:ignore )?table (?:if exists )?(" + NAME + "(?:\\s*\\.\\s*" + NAME
                    + ")?)(?: (?:no)?wait(?: \\d+)?)? (.*)",
            Pattern.CASE_INSENSITIVE | Pattern.DOTALL | Pattern.UNICODE_CHARACTER_CLASS);
    /** Clauses of ALTER TABLE that leave rows and columns as they are. */
    private static final Pattern HARMLESS = Pattern.compile(
            "(add|drop) (constraint|index|key|unique|primary|foreign|fulltext|spatial|check|period|system)\\b.*"
                    + "|add partition\\b.*|reorganize partition\\b.*|(rename|alter) (index|key)\\b.*"
                    + "|(auto_increment|comment|engine|row_format|stats_\\w+|algorithm|lock|force|order by"
                    + "|enable keys|disable keys|default (character|charset|collate)|analyze|optimize|check)\\b.*",
            Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    /**
     * Reads a statement. What is not understood counts as what it may do at worst.
     *
     * @param database that names without one belong to
     * @param followed tables, as {@code database.table}
     */
    public static LoggedStatement of(String database, String sql, Collection<String> followed) {
        String text = NOISE.matcher(sql).replaceAll(" ").replaceAll("\\s+", " ").strip();
        String[] words = (text.toLowerCase(Locale.ROOT) + "   ").split(" ", 4);
        String verb = words[0];
        String object = words.length > 1 ? words[1] : "";
        return switch (verb) {
            case "truncate" -> new LoggedStatement(Effect.TRUNCATE, named(text.substring(8), database, followed));
            case "rename" ->
                object.startsWith("table")
                        ? new LoggedStatement(Effect.OTHER_ROWS, named(text.substring(6), database, followed))
                        : nothing();
            case "create" -> created(text, database, followed);
            case "alter" -> altered(text, database, followed);
            case "drop" ->
                object.startsWith("table") || object.equals("database") || object.equals("schema")
                        ? new LoggedStatement(Effect.CATALOG, List.of())
                        : nothing();
            case "insert", "update", "delete", "replace", "load", "call", "with", "do", "import" ->
                rows(text, database, followed);
            case "xa" ->
                object.startsWith("commit") ? new LoggedStatement(Effect.COMMIT_PREPARED, List.of()) : nothing();
            default -> nothing();
        };
    }

    private static LoggedStatement nothing() {
        return new LoggedStatement(Effect.NONE, List.of());
    }

    /** Rows without saying which: the log is written in statements. */
    private static LoggedStatement rows(String text, String database, Collection<String> followed) {
        List<String> named = named(text, database, followed);
        return new LoggedStatement(Effect.OTHER_ROWS, named.isEmpty() ? List.copyOf(followed) : named);
    }

    private static LoggedStatement created(String text, String database, Collection<String> followed) {
        Matcher create = CREATE.matcher(text);
        if (!create.matches()) {
            return nothing();
        }
        // IF NOT EXISTS is logged also when the table exists
        boolean made = create.group(1) != null || create.group(2) == null;
        List<String> named = named(create.group(3), database, followed);
        return made && !named.isEmpty()
                ? new LoggedStatement(Effect.OTHER_ROWS, named)
                : new LoggedStatement(Effect.CATALOG, List.of());
    }

    private static LoggedStatement altered(String text, String database, Collection<String> followed) {
        Matcher alter = ALTER.matcher(text);
        if (!alter.matches()) {
            return nothing();
        }
        List<String> named = named(alter.group(1), database, followed);
        boolean harmless = clauses(alter.group(2)).stream()
                .allMatch(clause -> HARMLESS.matcher(clause).matches());
        if (harmless) {
            return nothing();
        }
        // the new name may be one that is followed, too
        List<String> renamed =
                named(alter.group(2).replaceAll("(?is)^.*\\brename (to |as |= ?)?", ""), database, followed);
        List<String> all = new ArrayList<>(named);
        if (alter.group(2).matches("(?is).*\\brename\\b(?! (column|index|key)\\b).*|.*\\bexchange\\b.*")) {
            renamed.stream().filter(table -> !all.contains(table)).forEach(all::add);
        }
        return new LoggedStatement(all.isEmpty() ? Effect.CATALOG : Effect.OTHER_ROWS, all);
    }

    /** The parts between commas that are not in parentheses. */
    private static List<String> clauses(String text) {
        List<String> clauses = new ArrayList<>();
        int depth = 0;
        int from = 0;
        for (int i = 0; i <= text.length(); i++) {
            char c = i == text.length() ? ',' : text.charAt(i);
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (c == ',' && (depth == 0 || i == text.length())) {
                clauses.add(text.substring(from, i).strip());
                from = i + 1;
            }
        }
        return clauses;
    }

    private static List<String> named(String text, String database, Collection<String> followed) {
        List<String> named = new ArrayList<>();
        Matcher names = NAMES.matcher(text);
        while (names.find()) {
            String[] parts = names.group().split("\\s*\\.\\s*", 2);
            String name =
                    parts.length == 2 ? plain(parts[0]) + "." + plain(parts[1]) : database + "." + plain(parts[0]);
            Optional<String> found = followed.stream()
                    .filter(table -> table.equalsIgnoreCase(name) && !named.contains(table))
                    .findFirst();
            found.ifPresent(named::add);
        }
        return named;
    }

    private static String plain(String name) {
        return name.startsWith("`") ? name.substring(1, name.length() - 1).replace("``", "`") : name;
    }
}
