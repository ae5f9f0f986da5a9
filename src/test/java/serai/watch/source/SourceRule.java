package serai.watch.source;

import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import serai.watch.rule.Options;
import serai.watch.rule.Rule;
import serai.watch.rule.RuleException;
import serai.watch.rule.RuleFile;

/** Rules of tests, loaded as those of an operator. */
final class SourceRule {

    private static final Map<String, Object> DEFAULTS =
            Map.of("run_every", Map.of("minutes", 1), "buffer_time", Map.of("minutes", 15));

    private SourceRule() {}

    static Rule of(String yaml, String... files) throws RuleException {
        return Rule.of(prepared(yaml, files), Path.of("rule.yaml"), DEFAULTS, ZoneOffset.UTC);
    }

    /** @param files name and text in turn */
    static Options prepared(String yaml, String... files) throws RuleException {
        return RuleSources.prepare(RuleFile.read(yaml, name -> null), file -> {
            for (int i = 0; i < files.length; i += 2) {
                if (Path.of(files[i]).equals(file)) {
                    return Optional.of(files[i + 1]);
                }
            }
            return Optional.empty();
        });
    }
}
