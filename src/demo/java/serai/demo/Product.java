package serai.demo;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.function.Supplier;

/**
 * A made-up product for meeting notes: people visit its site, sign up and log in. Everything is drawn from a seed, from
 * half a year before the anchor day to five weeks after it; the same seed and anchor give the same product. Reports
 * show what is known at a moment: some logins are late, and web sessions are restated for three days.
 */
public final class Product {

    public static final int USERS = 11;
    public static final int WEB_SESSIONS = 12;
    public static final int LOGINS = 13;

    private static final int VISITS_A_DAY = 300;

    private final long seed;
    private final LocalDate from;
    private final ProductEvents events;

    private Product(long seed, LocalDate from, ProductEvents events) {
        this.seed = seed;
        this.from = from;
        this.events = events;
    }

    public static Product of(long seed, LocalDate anchor) {
        LocalDate from = anchor.minusDays(180);
        return new Product(seed, from, ProductHistory.of(seed, from, anchor.plusDays(35), VISITS_A_DAY));
    }

    /** The product's first day. */
    public LocalDate from() {
        return from;
    }

    /** What the reports show at a moment. */
    public ProductReports at(Instant now) {
        return new ProductReports(events, now);
    }

    /** The right answers for what the reports show at a moment, counted from the events and not from the reports. */
    public ProductTruth truthAt(Instant now) {
        return new ProductTruth(events, now, user -> true);
    }

    /** The same without colleagues and test accounts. Visits are not distinguished. */
    public ProductTruth customerTruthAt(Instant now) {
        return new ProductTruth(events, now, ProductEvents.User::isCustomer);
    }

    /** Puts the three reports into a Metabase, as cards {@link #USERS}, {@link #WEB_SESSIONS} and {@link #LOGINS}. */
    public void publish(MetabaseDouble metabase, Supplier<Instant> clock) {
        metabase.card(Card.between(USERS, "Users", p -> at(clock.get()).users(p)));
        metabase.card(Card.between(
                WEB_SESSIONS, "Sessions by channel", p -> at(clock.get()).webSessions(p)));
        metabase.card(Card.between(LOGINS, "Logins", p -> at(clock.get()).logins(p)));
    }

    /** Puts the web sessions into a property of Google Analytics, whose days are in UTC. */
    public void publish(Ga4Double google, String property, Supplier<Instant> clock) {
        google.property(property, day -> at(clock.get()).webSessions(day)).zone("UTC");
    }

    /**
     * Puts users and what they do into an empty database; its users are those of the report.
     *
     * @param connection is closed with the result
     * @param now up to when; later steps follow it
     * @param facts about how many meetings, e-mails, invitations and payments; some ten thousand a second
     */
    public ProductDatabase publish(Connection connection, Instant now, int facts) throws SQLException {
        return publish(connection, now, facts, false);
    }

    /** The same, which keeps all of it in memory, too, so that it has a {@link ProductDatabase#star}. */
    public ProductDatabase publishWithStar(Connection connection, Instant now, int facts) throws SQLException {
        return publish(connection, now, facts, true);
    }

    private ProductDatabase publish(Connection connection, Instant now, int facts, boolean kept) throws SQLException {
        Instant first = from.atStartOfDay().toInstant(ZoneOffset.UTC);
        return ProductDatabase.create(connection, events.users(), seed, first, now, facts, kept);
    }
}
