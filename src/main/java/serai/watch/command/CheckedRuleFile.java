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

/** A rule file that a command reads: what is said of it, and its rules. */
final class CheckedRuleFile {

    private final Path file;
    private final CommandOutput output;

    CheckedRuleFile(Path file, CommandOutput output) {
        this.file = file;
        this.output = output;
    }

    /** Its path as rules are named by: from the project's folder. */
    static Path path(Path root, Path given, CommandSpec command) {
        Path folder = root.toAbsolutePath().normalize();
        Path file = given.toAbsolutePath().normalize();
        if (!Files.isRegularFile(file)) {
            throw new CommandLine.ParameterException(command.commandLine(), "There is no file " + given + ".");
        }
        return file.startsWith(folder) ? folder.relativize(file) : file;
    }

    /**
     * Reads it and says what it is, with all that is to be said; empty when it is refused.
     *
     * @param source where it is to read from, or null for what it says
     */
    Optional<List<AlertRule>> read(RuleSandbox bench, String source) {
        try {
            List<AlertRule> rules = bench.reader().read(file, source);
            rules.forEach(this::say);
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

    private void say(AlertRule rule) {
        Map<String, Object> said = new LinkedHashMap<>();
        said.put("file", file.toString());
        said.put("accepted", true);
        said.put("rule", rule.rule().name());
        said.put("type", rule.rule().type());
        said.put("notices", rule.notices());
        StringBuilder text = new StringBuilder("accepted: " + file + ": "
                + rule.rule().name() + " (" + rule.rule().type() + ")");
        rule.notices()
                .forEach(notice -> text.append("\n  ").append(file).append(':').append(notice));
        output.print(text.toString(), said);
    }
}
