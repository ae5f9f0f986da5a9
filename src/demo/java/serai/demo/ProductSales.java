package serai.demo;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Subscriptions of teams, their changes, and payments. */
final class ProductSales {

    private static final class Payment {
        private final long id;
        private final String currency;
        private long net;

        Payment(long id, String currency, long net) {
            this.id = id;
            this.currency = currency;
            this.net = net;
        }
    }

    private final ProductTables tables;
    private final List<Payment> payments = new ArrayList<>();
    private final List<Long> changes = new ArrayList<>();

    ProductSales(ProductTables tables) {
        this.tables = tables;
    }

    void begin(Instant at, ProductTeam team, String kind) throws SQLException {
        tables.add(
                "subscriptions",
                at,
                team.owner,
                team.id,
                team.plan.code(),
                team.seats,
                "active",
                team.revenue(),
                team.currency,
                at,
                null);
        note(at, team, kind, null, team.plan, team.seats, team.revenue());
    }

    private void note(
            Instant at, ProductTeam team, String kind, ProductPlan before, ProductPlan now, int seats, long revenue)
            throws SQLException {
        long id = tables.nextId();
        tables.add(
                "subscription_events",
                at,
                ProductTables.SYSTEM,
                id,
                team.id,
                kind,
                before == null ? null : before.code(),
                now == null ? null : now.code(),
                seats,
                revenue,
                at);
        tables.answers.revenue(team.currency, revenue);
        tables.facts.subscribed(
                new ProductFacts.Subscribed(id, team.id, kind, now == null ? null : now.code(), seats, revenue, at));
        tables.keep(changes, id, oldest -> {
            tables.remove("subscription_events", oldest);
            tables.facts.subscribedRemoved(oldest);
        });
    }

    /** Another plan and other seats; for one that has ended, a new subscription with the key of the old one. */
    void change(Instant at, ProductTeam team) throws SQLException {
        long before = team.revenue();
        ProductPlan plan = team.plan;
        int seats = team.seats;
        team.plan = tables.pick(List.of(ProductPlan.values()));
        team.seats = tables.random.nextInt(Math.max(3, team.members.size()), team.members.size() + 30);
        tables.rows.update(
                "update teams set plan = ?, seats = ?," + ProductTables.TOUCHED + "where id = ?",
                team.plan.code(),
                team.seats,
                at,
                team.owner,
                team.id);
        if (!team.subscribes) {
            team.subscribes = true;
            tables.rows.update("delete from subscriptions where team_id = ?", team.id);
            tables.answers.rows("subscriptions", -1);
            begin(at, team, "reactivate");
            return;
        }
        tables.rows.update(
                "update subscriptions set plan = ?, seats = ?, mrr_minor = ?," + ProductTables.TOUCHED
                        + "where team_id = ?",
                team.plan.code(),
                team.seats,
                team.revenue(),
                at,
                team.owner,
                team.id);
        String kind = team.revenue() < before ? "contract" : "expand";
        note(at, team, kind, plan, team.plan, team.seats - seats, team.revenue() - before);
    }

    void end(Instant at, ProductTeam team) throws SQLException {
        if (team.subscribes) {
            long before = team.revenue();
            team.subscribes = false;
            tables.rows.update(
                    "update subscriptions set status = 'canceled', ended_at = ?," + ProductTables.TOUCHED
                            + "where team_id = ?",
                    at,
                    at,
                    team.owner,
                    team.id);
            note(at, team, "churn", team.plan, null, -team.seats, -before);
        }
    }

    /** One in eight cards is declined: what was noted of the payment is rolled back. */
    void pay(Instant at, ProductTeam team) throws SQLException {
        long amount = team.revenue();
        if (amount == 0) {
            return;
        }
        long id = tables.nextId();
        boolean declined = tables.random.nextInt(8) == 0;
        if (declined && tables.isLive()) {
            Savepoint before = tables.rows.savepoint();
            tables.rows.add("payments", at, team.owner, payment(id, at, team, "paid", null));
            tables.rows.rollback(before);
        }
        tables.add(
                "payments",
                at,
                team.owner,
                declined ? payment(id, at, team, "failed", "card_declined") : payment(id, at, team, "paid", null));
        Payment payment = new Payment(id, team.currency, declined ? 0 : amount);
        tables.answers.paid(team.currency, payment.net);
        tables.keep(payments, payment, oldest -> {
            tables.remove("payments", oldest.id);
            tables.answers.paid(oldest.currency, -oldest.net);
        });
    }

    private Object[] payment(long id, Instant at, ProductTeam team, String status, String reason) {
        BigDecimal amount = BigDecimal.valueOf(team.revenue(), 2);
        return new Object[] {
            id,
            team.id,
            amount,
            amount.movePointLeft(1).setScale(2, RoundingMode.HALF_EVEN),
            "0.00",
            team.currency,
            status,
            reason,
            tables.texts.digits("4111 #### #### ####"),
            at
        };
    }

    void refund(Instant at) throws SQLException {
        if (!payments.isEmpty()) {
            Payment payment = tables.pick(payments);
            tables.rows.update(
                    "update payments set refunded = amount," + ProductTables.TOUCHED
                            + "where id = ? and status = 'paid'",
                    at,
                    ProductTables.SYSTEM,
                    payment.id);
            tables.answers.paid(payment.currency, -payment.net);
            payment.net = 0;
        }
    }

    /** Something goes wrong at the end of a transaction. */
    void fail(Instant at, ProductTeam team) throws SQLException {
        tables.rows.add("payments", at, team.owner, payment(tables.nextId(), at, team, "paid", null));
        tables.rows.update("update subscriptions set seats = seats + 1 where team_id = ?", team.id);
        tables.rows.update("delete from messages where id in (select id from messages limit 500)");
        tables.rows.rollback();
    }
}
