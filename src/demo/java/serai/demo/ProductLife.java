package serai.demo;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import serai.demo.ProductEvents.User;

/**
 * What happens in the product's database, drawn from a seed: each step is a transaction. People sign up and are
 * promoted when {@link ProductEvents} says so. What is made while the product lives replaces the oldest of its kind, so
 * that the database does not grow.
 */
final class ProductLife {

    private static final int FACTS_OF_TRANSACTION = 100_000;

    /** An action, and how often it is drawn in comparison with others. */
    private record Kind(int weight, Action action) {}

    private interface Action {
        void run(Instant at) throws SQLException;
    }

    private final ProductTables tables;
    private final ProductMeetings meetings;
    private final ProductSales sales;
    private final ProductMail mail;
    private final List<User> signUps;
    private final List<User> promotions;
    private final List<User> people = new ArrayList<>();
    private final List<ProductTeam> teams = new ArrayList<>();
    private final Map<User, ProductTeam> teamOf = new HashMap<>();
    private final int facts;
    private int promoted;

    /**
     * A life that has not begun.
     *
     * @param users by sign-up
     * @param facts about how many meetings, messages, invitations and payments there were before it is live; about a
     *     thousand of their texts are long
     */
    ProductLife(List<User> users, ProductTables tables, int facts) {
        this.tables = tables;
        this.meetings = new ProductMeetings(tables, Math.min(0.3, 1000.0 / facts));
        this.sales = new ProductSales(tables);
        this.mail = new ProductMail(tables);
        this.facts = facts;
        this.signUps = users;
        this.promotions = users.stream()
                .filter(user -> user.promotedAt() != null)
                .sorted(Comparator.comparing(User::promotedAt))
                .toList();
    }

    private List<Kind> past() {
        return List.of(
                new Kind(55, this::hold),
                new Kind(30, at -> mail.send(at, anyone())),
                new Kind(10, this::invite),
                new Kind(5, at -> sales.pay(at, anyTeam())));
    }

    private List<Kind> present() {
        return List.of(
                new Kind(18, this::hold),
                new Kind(10, at -> mail.send(at, anyone())),
                new Kind(8, mail::open),
                new Kind(6, this::invite),
                new Kind(5, mail::accept),
                new Kind(10, meetings::retitle),
                new Kind(6, meetings::rewrite),
                new Kind(8, meetings::share),
                new Kind(3, at -> meetings.tag(at, anyTeam())),
                new Kind(4, meetings::detach),
                new Kind(3, at -> meetings.cancel()),
                new Kind(2, meetings::move),
                new Kind(4, at -> sales.change(at, anyTeam())),
                new Kind(2, at -> sales.end(at, anyTeam())),
                new Kind(6, at -> sales.pay(at, anyTeam())),
                new Kind(2, sales::refund),
                new Kind(3, at -> sales.fail(at, anyTeam())),
                new Kind(2, this::export));
    }

    /** Writes what happened before. */
    void begin(Instant from, Instant to) throws SQLException {
        for (ProductPlan plan : ProductPlan.values()) {
            tables.add(
                    "plans", from, ProductTables.SYSTEM, plan.code(), plan.title(), plan.priceMinor(), plan.ordinal());
        }
        List<Kind> kinds = past();
        long millis = Duration.between(from, to).toMillis();
        for (int i = 1; i <= facts; i++) {
            Instant at = from.plusMillis(millis * i / facts);
            arrive(at);
            if (!people.isEmpty()) {
                draw(kinds).run(at);
            }
            if (i % FACTS_OF_TRANSACTION == 0) {
                tables.rows.commit();
            }
        }
        tables.rows.commit();
        tables.live();
    }

    /** What happens next: people who come, then a transaction that is committed or rolled back. */
    void step(Instant at) throws SQLException {
        arrive(at);
        tables.rows.commit();
        tables.rows.update(
                "insert into audit_log (at, what) values (?, jsonb_build_object('people', ?::int))", at, people.size());
        draw(present()).run(at);
        tables.rows.commit();
    }

    private Action draw(List<Kind> kinds) {
        int luck = tables.random.nextInt(kinds.stream().mapToInt(Kind::weight).sum());
        for (Kind kind : kinds) {
            luck -= kind.weight();
            if (luck < 0) {
                return kind.action();
            }
        }
        throw new IllegalStateException("no action was drawn");
    }

    private User anyone() {
        return tables.pick(people);
    }

    private ProductTeam anyTeam() {
        return tables.pick(teams);
    }

    private void hold(Instant at) throws SQLException {
        User host = anyone();
        meetings.hold(at, host, teamOf.get(host));
        if (tables.isLive()) {
            tables.rows.update(
                    "update users set last_seen_at = ?," + ProductTables.TOUCHED + "where id = ?",
                    at,
                    at,
                    host.id(),
                    host.id());
        }
    }

    private void invite(Instant at) throws SQLException {
        User by = anyone();
        mail.invite(at, by, teamOf.get(by));
    }

    /** Work on tables that only the product knows, and the end of what is old in them. */
    private void export(Instant at) throws SQLException {
        tables.rows.update("truncate tmp_export");
        tables.rows.update("insert into tmp_export select id, title from meetings order by id desc limit 20");
        tables.rows.update("insert into notes_staging select id, title from notes order by id desc limit 20"
                + " on conflict (id) do nothing");
        tables.rows.update("delete from notes_staging");
        tables.rows.update("delete from audit_log where id < (select max(id) from audit_log) - 10000");
    }

    private void arrive(Instant at) throws SQLException {
        while (people.size() < signUps.size()
                && !signUps.get(people.size()).createdAt().isAfter(at)) {
            signUp(signUps.get(people.size()));
        }
        while (promoted < promotions.size()
                && !promotions.get(promoted).promotedAt().isAfter(at)) {
            User user = promotions.get(promoted++);
            tables.rows.update(
                    "update users set role = 'admin'," + ProductTables.TOUCHED + "where id = ?",
                    user.promotedAt(),
                    ProductTables.SYSTEM,
                    user.id());
        }
    }

    /** Large teams grow faster. */
    private void signUp(User user) throws SQLException {
        boolean founds = people.isEmpty() || tables.random.nextInt(4) == 0;
        ProductTeam team = founds ? found(user) : teamOf.get(anyone());
        team.members.add(user);
        teamOf.put(user, team);
        people.add(user);
        tables.facts.account(new ProductFacts.Account(
                user.id(),
                team.id,
                user.createdAt(),
                user.isCustomer(),
                user.origin().channel()));
        String name = tables.texts.name();
        tables.add(
                "users",
                user.createdAt(),
                user.id(),
                user.id(),
                team.id,
                name.toLowerCase(Locale.ROOT).replaceAll("[^a-z]", "") + user.id() + "@" + user.emailDomain(),
                name,
                tables.random.nextBoolean() ? tables.texts.address() : null,
                tables.texts.digits("+44 20 #### ####"),
                user.emailDomain(),
                user.country(),
                user.locale(),
                "member",
                user.origin().source(),
                user.origin().medium(),
                user.internal(),
                user.test(),
                null);
    }

    private ProductTeam found(User owner) throws SQLException {
        ProductPlan plan = tables.pick(List.of(ProductPlan.values()));
        ProductTeam team = new ProductTeam(teams.size() + 1, owner, plan, 5);
        teams.add(team);
        tables.facts.team(new ProductFacts.Team(team.id, team.currency, owner.isCustomer(), owner.createdAt()));
        tables.add(
                "teams",
                owner.createdAt(),
                owner.id(),
                team.id,
                tables.texts.title(),
                plan.code(),
                team.seats,
                owner.country(),
                tables.texts.pick("software", "health", "law", "education"),
                tables.texts.address(),
                team.owner);
        sales.begin(owner.createdAt(), team, "new");
        return team;
    }
}
