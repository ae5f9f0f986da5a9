package serai.load.replicate.mapping;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import serai.edits.EditRefusedException;
import serai.edits.EditableFiles;
import serai.edits.Refusal;

/** The mapping files of the folder {@code mappings}. Routes read them when they start; here they are only checked. */
public final class MappingFiles implements EditableFiles {

    private static final Path FOLDER = Path.of("mappings");
    /** Every source has one; the check does not depend on it. */
    private static final String ANY_SCHEMA = "app";

    private final String maskKey;
    private final Map<Path, String> texts = new TreeMap<>();

    /** @param maskKey the key of salted hashes; null when there is none */
    public MappingFiles(String maskKey) {
        this.maskKey = maskKey;
    }

    @Override
    public List<Path> folders() {
        return List.of(FOLDER);
    }

    @Override
    public boolean owns(Path file) {
        return file.startsWith(FOLDER) && file.getFileName().toString().matches(".*\\.(json|ya?ml)");
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
        files.forEach((file, text) -> {
            try {
                Mapping.parse(file, text, ANY_SCHEMA, maskKey).rules().stream()
                        .filter(rule -> rule.verdict() == ClassifiedRule.Verdict.REFUSED)
                        .forEach(rule -> refusals.add(new Refusal(file, rule.line(), rule.toString())));
            } catch (EditRefusedException e) {
                refusals.add(e.refusal());
            }
        });
        return refusals;
    }
}
