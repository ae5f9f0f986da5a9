package serai.watch.alerter;

import java.util.ArrayList;
import java.util.List;

/** The options of one kind of alerter, in the order of its documentation. */
final class OptionList {

    private final List<Option<?>> options = new ArrayList<>();

    /** Adds an option and returns it. */
    <T> Option<T> add(Option<T> option) {
        options.add(option);
        return option;
    }

    List<Option<?>> all() {
        return List.copyOf(options);
    }
}
