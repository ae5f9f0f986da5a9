package serai.refresh;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import serai.command.CommandContext;
import serai.command.CommandOutput;
import serai.command.ExitCode;
import serai.command.NegativeAnswerException;
import serai.edits.EditRefusedException;
import serai.edits.Edits;
import serai.warehouse.ScratchDatabase;
import serai.warehouse.WarehouseSettings;

/** The cases of {@code sql/cases}, each in a database of its own. */
final class CaseTests {

    /** {@code @expect} is about the number of rows in production. A comment of the same length keeps the lines. */
    private static final String EXPECTATIONS = "(?m)^--\\s*@expect\\s.*$";

    private final CommandContext context;
    private final CommandOutput output;
    private final List<String> failed = new ArrayList<>();
    private final List<String> refused = new ArrayList<>();

    CaseTests(CommandContext context, CommandOutput output) {
        this.context = context;
        this.output = output;
    }

    /**
     * Runs cases and prints how they end.
     *
     * @param name of one case; empty for all
     * @return the exit code when all pass
     * @throws NegativeAnswerException when one fails
     * @throws IllegalStateException when one is refused, or there is none
     */
    int run(String name) throws Exception {
        Map<String, Map<Path, String>> folders = CaseFiles.folders(read());
        if (!name.isEmpty()) {
            folders.keySet().retainAll(List.of(name));
        }
        if (folders.isEmpty()) {
            throw new IllegalStateException(
                    name.isEmpty() ? "There is no case in sql/cases." : "There is no case sql/cases/" + name + ".");
        }
        for (Map.Entry<String, Map<Path, String>> folder : folders.entrySet()) {
            run(folder.getKey(), folder.getValue());
        }
        if (!refused.isEmpty()) {
            throw new IllegalStateException("Refused: " + String.join(", ", refused) + ".");
        }
        if (!failed.isEmpty()) {
            throw new NegativeAnswerException("Failed: " + String.join(", ", failed) + ".");
        }
        return ExitCode.DONE;
    }

    private Map<Path, String> read() throws IOException {
        Map<Path, String> texts = new TreeMap<>();
        Edits.read(context.root(), new CaseFiles())
                .forEach((file, text) -> text.ifPresent(present -> texts.put(file, present)));
        return texts;
    }

    private void run(String name, Map<Path, String> folder) throws Exception {
        try {
            TestCase tested = TestCase.parse(name, folder);
            List<CaseDifference> differences = run(tested);
            differences.forEach(difference -> output.print("  " + difference.text(), json(name, difference)));
            print(name, differences.isEmpty() ? "passed" : "failed");
            if (!differences.isEmpty()) {
                failed.add(name);
            }
        } catch (EditRefusedException e) {
            output.print("  " + e.getMessage(), Map.of("case", name, "problem", e.getMessage()));
            print(name, "refused");
            refused.add(name);
        }
    }

    private List<CaseDifference> run(TestCase tested) throws Exception {
        WarehouseSettings settings = WarehouseSettings.of(context.settings(), context.root());
        try (ScratchDatabase database = ScratchDatabase.create(context.warehouse(), settings, "case")) {
            Map<Path, Optional<String>> texts = Edits.read(context.root(), new SqlFiles(database.warehouse()));
            texts.replaceAll((file, text) -> text.map(present -> present.replaceAll(EXPECTATIONS, "--")));
            return new CaseRun(database.warehouse(), texts, RefreshSettings.of(context.settings()), tested).run();
        }
    }

    private void print(String name, String status) {
        output.print(status + "  " + name, Map.of("case", name, "status", status));
    }

    private static Map<String, Object> json(String name, CaseDifference difference) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("case", name);
        json.put("file", difference.file().toString());
        json.put("line", difference.line());
        json.put("column", difference.column());
        json.put("expected", difference.expected());
        json.put("found", difference.found());
        json.put("problem", difference.problem());
        return json;
    }
}
