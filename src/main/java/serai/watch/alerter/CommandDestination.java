package serai.watch.alerter;

import java.util.List;
import java.util.Map;

/**
 * A program to start for an alert. The rule's author may have put a key into its arguments, so they are kept in memory.
 *
 * @param rule the rule, whose commands run one after the other
 * @param arguments with fields of the match in them
 * @param shell whether it is one text for /bin/sh, in which fields stand as variables
 * @param failOnExit whether another exit code than 0 is a failure, which is tried again
 * @param timeoutSeconds after which it is ended
 */
public record CommandDestination(
        String rule, List<CommandArgument> arguments, boolean shell, boolean failOnExit, int timeoutSeconds)
        implements Destination {

    @Override
    public String channel() {
        return "command";
    }

    @Override
    public String identity() {
        return "command of " + rule + " "
                + arguments.stream().map(CommandArgument::text).toList();
    }

    /**
     * The program and its arguments for a match. Values of the match are arguments or variables, never text that a
     * shell reads.
     */
    public List<String> command(Map<String, Object> match, Map<String, String> variables) {
        if (!shell) {
            return arguments.stream().map(argument -> argument.of(match)).toList();
        }
        return List.of("/bin/sh", "-c", arguments.get(0).script(match, variables));
    }

    @Override
    public String toString() {
        return "command of " + rule;
    }
}
