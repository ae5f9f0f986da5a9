package serai.load.ga4;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Which imperfect days a route loads. Each is recorded with the day in any case.
 *
 * @param accepted those that do not hold the load
 */
record Ga4Acceptance(Set<Imperfection> accepted) {

    /** How a day's numbers can be less than exact. */
    enum Imperfection {
        SAMPLED("are estimates from a sample of the events (sampled)", "ask for fewer dimensions"),
        THRESHOLDED("may lack rows with few users (thresholded)", "leave out demographic dimensions"),
        OTHER("have rare values put together as (other)", "ask for fewer dimensions, or those with fewer values"),
        RESTRICTED(
                "are zero because the account may not see them (restricted)", "lift the account's data restrictions");

        private final String text;
        private final String fix;

        Imperfection(String text, String fix) {
            this.text = text;
            this.fix = fix;
        }

        private boolean isOf(Ga4Day day) {
            return switch (this) {
                case SAMPLED -> day.sampled();
                case THRESHOLDED -> day.thresholded();
                case OTHER -> day.other();
                case RESTRICTED -> !day.restricted().isEmpty();
            };
        }
    }

    /** @throws IllegalArgumentException when a name of the list, separated by commas, is unknown */
    static Ga4Acceptance of(String names) {
        Set<Imperfection> accepted = EnumSet.noneOf(Imperfection.class);
        Arrays.stream(names.split(","))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .forEach(name -> accepted.add(Imperfection.valueOf(name.toUpperCase(Locale.ROOT))));
        return new Ga4Acceptance(accepted);
    }

    /** Why a day is not loaded; empty when it is. */
    Optional<String> refusal(Ga4Day day) {
        for (Imperfection imperfection : Imperfection.values()) {
            if (imperfection.isOf(day) && !accepted.contains(imperfection)) {
                String what = imperfection == Imperfection.RESTRICTED
                        ? day.restricted().toString()
                        : "The numbers";
                return Optional.of(what + " of " + day.day() + " " + imperfection.text + ". Either "
                        + imperfection.fix + ", or add '" + imperfection.name().toLowerCase(Locale.ROOT)
                        + "' to 'accept'.");
            }
        }
        return Optional.empty();
    }
}
