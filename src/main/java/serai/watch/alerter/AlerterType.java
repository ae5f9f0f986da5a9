package serai.watch.alerter;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import serai.watch.rule.RuleException;

/**
 * A kind of alerter. {@link Alerters} has all of them.
 *
 * @param name the name in ElastAlert's grammar, such as slack; also the channel of its messages in {@code meta.outbox}
 * @param service who answers, for reasons of failures
 * @param options the options of rules that it reads
 * @param opener makes one for a rule
 * @param pace the least time between two messages to one target
 * @param judge decides what an HTTP answer means
 */
public record AlerterType(
        String name, String service, List<Option<?>> options, Opener opener, Duration pace, Judge judge) {

    /** Makes an alerter for a rule. */
    interface Opener {
        /** @throws RuleException when the options do not fit together */
        Alerter open(AlerterOptions options) throws RuleException;
    }

    /** Decides whether a message was accepted, is to be tried again, was refused, or is given up. */
    @FunctionalInterface
    public interface Judge {
        /** @param payload the message as it is in the outbox */
        DeliveryResult judge(HttpAnswer answer, ObjectNode payload);
    }

    /** A kind of alerter that takes messages as they come, and whose answers mean what HTTP says. */
    AlerterType(String name, String service, OptionList options, Opener opener) {
        this(name, service, options.all(), opener, Duration.ZERO, HttpAnswer::result);
    }

    AlerterType withPace(Duration least) {
        return new AlerterType(name, service, options, opener, least, judge);
    }

    AlerterType withJudge(Judge other) {
        return new AlerterType(name, service, options, opener, pace, other);
    }
}
