package serai.watch.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import serai.command.CommandOutput;
import serai.watch.alert.AlertRule;
import serai.watch.rule.RuleException;

/** A rule file that a command reads: reports whether it is accepted, with its notices, and gives its rules. */
final class CheckedRuleFile {

    private final Path file;
    private final CommandOutput output;

    CheckedRuleFile(Path file, CommandOutput output) {
        this.file = file;
        this.output = output;
    }

    /** The path of a file, relative to the project's folder where the file is in it. */
    static Path path(Path root, Path given, CommandSpec command) {
        Path folder = root.toAbsolutePath().normalize();
        Path file = given.toAbsolutePath().normalize();
        if (!Files.isRegularFile(file)) {
            throw new CommandLine.ParameterException(command.commandLine(), "There is no file " + given + ".");
        }
        return file.startsWith(folder) ? folder.relativize(file) : file;
    }

    /**
     * Reads the rules and prints the result; empty when the file is refused.
     *
     * @param source replaces the rules' option {@code source}, unless it is null
     */
    Optional<List<AlertRule>> read(RuleSandbox sandbox, String source) {
        try {
            List<AlertRule> rules = sandbox.reader().read(file, source);
            rules.forEach(this::printAccepted);
            return Optional.of(rules);
        } catch (RuleException e) {
            Map<String, Object> refusal = new LinkedHashMap<>();
            refusal.put("file", file.toString());
            refusal.put("accepted", false);
            refusal.put("line", e.line());
            refusal.put("field", e.field());
            refusal.put("reason", e.getMessage());
            output.print(
                    "refused: " + file + (e.line() == null ? "" : ":" + e.line()) + ": " + e.getMessage(), refusal);
            return Optional.empty();
        }
    }

    private void printAccepted(AlertRule rule) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("file", file.toString());
        answer.put("accepted", true);
        answer.put("rule", rule.rule().name());
        answer.put("type", rule.rule().type());
        answer.put("notices", rule.notices());
        StringBuilder text = new StringBuilder("accepted: " + file + ": "
                + rule.rule().name() + " (" + rule.rule().type() + ")");
        rule.notices()
                .forEach(notice -> text.append("\n  ").append(file).append(':').append(notice));
        output.print(text.toString(), answer);
    }
}
