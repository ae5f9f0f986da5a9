package serai.watch.alerter;

import java.util.List;
import java.util.Map;

/**
 * A program to start for an alert. Its arguments are held in memory only: the rule's author may have put a key into
 * them.
 *
 * @param rule the rule, whose commands run one after the other
 * @param arguments with fields of the match in them
 * @param shell whether it is one text for /bin/sh, where fields are variables
 * @param failOnExit whether an exit code other than 0 is a failure, which is tried again
 * @param timeoutSeconds when it is ended
 */
public record CommandDestination(
        String rule, List<CommandArgument> arguments, boolean shell, boolean failOnExit, int timeoutSeconds)
        implements Destination {

    @Override
    public String channel() {
        return Command.TYPE.name();
    }

    @Override
    public String identity() {
        return "command of " + rule + " "
                + arguments.stream().map(CommandArgument::text).toList();
    }

    /**
     * The program and its arguments for a match. Values of the match are arguments or variables, never text that a
     * shell parses.
     *
     * @param variables gets the environment variables that the command needs
     */
    public List<String> command(Map<String, Object> match, Map<String, String> variables) {
        if (!shell) {
            return arguments.stream().map(argument -> argument.of(match)).toList();
        }
        return List.of("/bin/sh", "-c", arguments.get(0).script(match, variables));
    }

    /** Without the arguments. */
    @Override
    public String toString() {
        return "command of " + rule;
    }
}
