package serai.refresh;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import serai.edits.EditRefusedException;
import serai.edits.EditableFiles;
import serai.edits.Refusal;

/** The folders of {@code sql/cases}. The command {@code test --case} reads them; a running process only checks them. */
final class CaseFiles implements EditableFiles {

    static final Path FOLDER = Path.of("sql", "cases");

    private final Map<Path, String> texts = new TreeMap<>();

    @Override
    public boolean owns(Path file) {
        String name = file.getFileName().toString();
        return file.startsWith(FOLDER) && (name.endsWith(".sql") || name.endsWith(".csv"));
    }

    @Override
    public List<Refusal> apply(Map<Path, Optional<String>> changes) {
        changes.forEach(
                (file, text) -> text.ifPresentOrElse(present -> texts.put(file, present), () -> texts.remove(file)));
        return check(texts);
    }

    @Override
    public List<Refusal> check(Map<Path, String> files) {
        List<Refusal> refusals = new ArrayList<>();
        folders(files).forEach((name, folder) -> {
            try {
                TestCase.parse(name, folder);
            } catch (EditRefusedException e) {
                refusals.add(e.refusal());
            }
        });
        return refusals;
    }

    /** The files of each case, by its name. */
    static Map<String, Map<Path, String>> folders(Map<Path, String> files) {
        Map<String, Map<Path, String>> folders = new TreeMap<>();
        files.forEach((file, text) -> folders.computeIfAbsent(
                        FOLDER.relativize(file).getName(0).toString(), name -> new TreeMap<>())
                .put(file, text));
        return folders;
    }
}
