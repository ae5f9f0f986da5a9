package serai.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The answer of a command: lines for people, or with {@code --json} one JSON object a line. */
public final class CommandOutput {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(names = "--json", description = "answer in JSON, one object a line")
    private boolean json;

    /** Whether the answer is JSON, so that headings are to be left out. */
    public boolean inJson() {
        return json;
    }

    /**
     * Prints a line of text, or the object as JSON, and flushes, so that a long command can be followed.
     *
     * @param text for people; null prints nothing
     * @param object for programs
     */
    public void print(String text, Object object) {
        PrintWriter out = command.commandLine().getOut();
        if (json) {
            out.println(JSON.<com.fasterxml.jackson.databind.JsonNode>valueToTree(object));
        } else if (text != null) {
            out.println(text);
        }
        out.flush();
    }
}
