package serai.watch.type;

import java.util.List;
import serai.watch.rule.Event;
import serai.watch.rule.Rule;

/** any: every document is a match. */
final class AnyType extends AbstractRuleType {

    AnyType(Rule rule) {
        super(rule);
    }

    @Override
    public void addDocuments(List<Event> events) {
        events.forEach(event -> matched(event.fields()));
    }
}
