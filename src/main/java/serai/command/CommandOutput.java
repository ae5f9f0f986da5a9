package serai.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How a command answers: in lines for people, or with {@code --json} in lines of JSON. */
public final class CommandOutput {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(names = "--json", description = "answer in JSON, one object a line")
    private boolean json;

    public boolean inJson() {
        return json;
    }

    /** Says the one or the other; at once, so that a long command can be followed. */
    public void say(String text, Object object) {
        PrintWriter out = command.commandLine().getOut();
        if (json) {
            out.println(JSON.<com.fasterxml.jackson.databind.JsonNode>valueToTree(object));
        } else if (text != null) {
            out.println(text);
        }
        out.flush();
    }
}
