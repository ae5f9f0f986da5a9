package serai.watch.run;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import com.fasterxml.jackson.databind.JsonNode;

import serai.watch.rule.Rule;
import serai.watch.search.RuleQuery;
import serai.watch.search.Search;
import serai.watch.type.Baseline;
import serai.watch.type.RuleType;

/** Asks what a rule's type must know of the time before its first run, a few questions at a time; when one fails, nothing is known. */
final class BaselineReading {

    private static final int MOST_AT_ONCE = 10;

    private final Rule rule;
    private final Search search;
    private final RuleType type;
    private final List<Baseline> questions;
    private final List<JsonNode> answers = new ArrayList<>();

    BaselineReading(Rule rule, Search search, RuleType type, Instant now) {
        this.rule = rule;
        this.search = search;
        this.type = type;
        this.questions = type.baseline(now);
    }

    CompletableFuture<Void> run() {
        if (questions.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        return Repeat.whileTrue(this::some).thenRun(() -> type.takeBaseline(answers));
    }

    private CompletableFuture<Boolean> some() {
        List<CompletableFuture<Search.Answer>> asked = questions
                .subList(answers.size(), Math.min(questions.size(), answers.size() + MOST_AT_ONCE)).stream().map(this::ask).toList();
        return CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new)).thenApply(done -> {
            asked.forEach(answer -> answers.add(answer.join().aggregations()));
            return answers.size() < questions.size();
        });
    }

    private CompletableFuture<Search.Answer> ask(Baseline question) {
        List<String> indices = new RuleQuery(rule, question.from(), question.to()).indices();
        return search.ask(new Search.Request(rule, Search.Kind.SEARCH, indices, question.body(), question.from(), question.to()));
    }
}
