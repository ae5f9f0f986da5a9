package serai.watch.query;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import serai.watch.rule.Rule;
import serai.watch.rule.RuleException;

/** Puts the questions of rules to where their documents are. */
@FunctionalInterface
public interface Search {

    /**
     * Asks without waiting; the answer fails with {@link FailedException} when there is none, or only a part of one.
     */
    CompletableFuture<Answer> ask(Request request);

    /**
     * Looks at what a rule says about its connection and its questions, without asking; to be called when the rule is
     * loaded.
     *
     * @throws RuleException when no question of this rule could be put
     */
    default void check(Rule rule) throws RuleException {}

    /** Which of the server's languages a question is in. */
    enum Kind {
        SEARCH,
        EQL,
        ESQL;

        /** Where a server takes such a question. */
        public String path(List<String> indices) {
            String names = String.join(",", indices);
            return switch (this) {
                case SEARCH -> "/_msearch";
                case EQL -> "/" + names + "/_eql/search";
                case ESQL -> "/_query";
            };
        }
    }

    /**
     * One question.
     *
     * @param rule whose question it is: its options say which server is asked, and how
     * @param indices the indices to search
     * @param body the body as the server takes it
     * @param from the beginning of the time asked for, exclusive; null when the question has no such time
     * @param to the end of the time asked for, inclusive; null with from
     */
    record Request(Rule rule, Kind kind, List<String> indices, ObjectNode body, Instant from, Instant to) {}

    /** A document found. */
    record Hit(String index, String id, Map<String, Object> source) {}

    /**
     * One answer.
     *
     * @param hits the documents, in the order asked for
     * @param last where the next page begins, or null when there is none; for {@link RuleQuery#page}
     * @param total the documents that match, when they were counted; else 0
     * @param aggregations the aggregations by name as the server gives them; an empty object when none were asked for
     */
    record Answer(List<Hit> hits, JsonNode last, long total, ObjectNode aggregations) {}

    /** The question could not be answered in full; the run takes nothing from it. */
    class FailedException extends Exception {
        public FailedException(String reason, Throwable cause) {
            super(reason, cause);
        }
    }

    /** The server cannot be reached: the same holds for the other rules that ask it, and is in the log once. */
    final class NoServerException extends FailedException {
        public NoServerException(String reason) {
            super(reason, null);
        }
    }

    /**
     * The answer to this one question would be larger than is read, or than the server gives; a smaller page may do.
     */
    final class TooLargeException extends FailedException {
        public TooLargeException(String reason) {
            super(reason, null);
        }
    }
}
