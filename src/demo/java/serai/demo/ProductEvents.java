package serai.demo;

import java.time.Instant;
import java.util.List;

/**
 * Everything that happens in the made-up product, in order of time.
 *
 * @param users by sign-up
 * @param logins by the moment of logging in
 * @param visits by their beginning
 */
record ProductEvents(List<User> users, List<Login> logins, List<Visit> visits) {

    /**
     * A person who signed up.
     *
     * @param country ISO 3166 alpha-2, or null
     * @param locale BCP 47, or null
     * @param promotedAt when a member became an admin, or null
     * @param origin of the visit that led here
     */
    record User(
            String id,
            Instant createdAt,
            String country,
            String locale,
            String emailDomain,
            Instant promotedAt,
            boolean internal,
            boolean test,
            Origin origin) {

        String roleAt(Instant now) {
            return promotedAt == null || now.isBefore(promotedAt) ? "member" : "admin";
        }

        boolean isCustomer() {
            return !internal && !test;
        }
    }

    /** @param knownAt when it reaches the database: at once, or, for one or two in a hundred, hours or days later */
    record Login(User user, Instant at, Instant knownAt, String device) {}

    /**
     * A web session.
     *
     * @param visitor a browser
     * @param knownAt when Google Analytics shows it
     * @param removedAt when it is recognised as a robot's and taken out again, or null
     * @param campaign or null
     * @param country or null
     */
    record Visit(
            int visitor,
            Instant at,
            Instant knownAt,
            Instant removedAt,
            Origin origin,
            String campaign,
            String landingPage,
            String country,
            String device,
            boolean engaged,
            boolean signup) {

        boolean shownAt(Instant now) {
            return !knownAt.isAfter(now) && (removedAt == null || removedAt.isAfter(now));
        }
    }
}
