package serai.watch;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import serai.watch.alert.AlertRule;
import serai.watch.kibana.DiscoverLinks;
import serai.watch.rule.Rule;
import serai.watch.rule.RuleException;
import serai.watch.rule.RuleLoader;
import serai.watch.run.ExecutionLimit;

/** Reads the rules of a file: its options with imports, its alerters, and the check of the server that it names. */
final class AlertRuleReader implements RuleFiles.Reader {

    private final RuleLoader loader;
    private final Check server;

    /** Checks the options of a rule that name its server or query. */
    @FunctionalInterface
    interface Check {
        void check(Rule rule) throws RuleException;
    }

    AlertRuleReader(RuleLoader loader, Check server) {
        this.loader = loader;
        this.server = server;
    }

    @Override
    public RuleFiles.Loaded read(Path file, Function<Path, Optional<String>> texts) throws RuleException {
        RuleLoader.Loaded loaded = loader.load(file, texts);
        List<AlertRule> rules = new ArrayList<>();
        Set<Path> files = new LinkedHashSet<>(loaded.files());
        for (Rule rule : loaded.rules()) {
            server.check(rule);
            ExecutionLimit.of(rule);
            AlertRule alertRule = AlertRule.of(rule, DiscoverLinks.notices(rule.fileOptions()));
            alertRule.template().ifPresent(files::add);
            rules.add(alertRule);
        }
        return new RuleFiles.Loaded(List.copyOf(rules), files);
    }
}
