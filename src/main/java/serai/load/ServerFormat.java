package serai.load;

/**
 * A value that only PostgreSQL itself can judge: it is written as it is. COPY refuses a wrong one, and the writer then
 * rejects its row. So a report can fill columns of every type: ranges, arrays, enums, domains, and those of extensions.
 */
final class ServerFormat implements FieldFormat {

    private static final ServerFormat FORMAT = new ServerFormat();

    private final TextFormat text = new TextFormat(-1);

    /** Writes a value of a type that has a format of its own, in a form that the format does not know. */
    static String judge(char[] chars, int from, int to, CopyBuffer out) {
        return FORMAT.write(chars, from, to, out);
    }

    @Override
    public String write(char[] chars, int from, int to, CopyBuffer out) {
        return text.write(chars, from, to, out);
    }
}
