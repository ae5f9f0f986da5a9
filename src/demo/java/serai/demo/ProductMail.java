package serai.demo;

import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import serai.demo.ProductEvents.User;

/** E-mails to users, and invitations. */
final class ProductMail {

    private static final class Message {
        private final UUID id;
        private int opens;

        Message(UUID id) {
            this.id = id;
        }
    }

    private static final class Invitation {
        private final long id;
        private boolean accepted;

        Invitation(long id) {
            this.id = id;
        }
    }

    private final ProductTables tables;
    private final List<Message> messages = new ArrayList<>();
    private final List<Invitation> invitations = new ArrayList<>();

    ProductMail(ProductTables tables) {
        this.tables = tables;
    }

    void send(Instant at, User to) throws SQLException {
        Message message = new Message(new UUID(tables.random.nextLong(), tables.random.nextLong()));
        boolean bounced = tables.random.nextInt(50) == 0;
        String template = tables.texts.pick("welcome", "digest", "invoice", "tips");
        tables.add(
                "messages",
                at,
                ProductTables.SYSTEM,
                message.id,
                to.id(),
                template,
                at,
                bounced ? null : at.plusSeconds(2),
                null,
                0,
                0,
                bounced ? at.plusSeconds(5) : null);
        tables.facts.mailed(message.id, new ProductFacts.Mailed(to.id(), template, at, bounced));
        tables.keep(messages, message, oldest -> {
            tables.facts.messageRemoved(oldest.id);
            tables.remove("messages", oldest.id);
            tables.answers.opens(-oldest.opens);
        });
    }

    void open(Instant at) throws SQLException {
        if (!messages.isEmpty()) {
            Message message = tables.pick(messages);
            message.opens++;
            int clicks = tables.random.nextInt(2);
            tables.facts.opened(message.id, at, clicks > 0);
            tables.answers.opens(1);
            tables.rows.update(
                    "update messages set opens = opens + 1, clicks = clicks + ?, first_open_at ="
                            + " coalesce(first_open_at, ?)," + ProductTables.TOUCHED + "where id = ?",
                    clicks,
                    at,
                    at,
                    ProductTables.SYSTEM,
                    message.id);
        }
    }

    void invite(Instant at, User by, ProductTeam team) throws SQLException {
        Invitation invitation = new Invitation(tables.nextId());
        tables.add(
                "invitations",
                at,
                by.id(),
                invitation.id,
                team.id,
                by.id(),
                "guest" + invitation.id + "@" + by.emailDomain(),
                tables.texts.pick("team", "viewer"),
                at,
                null,
                null);
        tables.facts.invited(invitation.id, new ProductFacts.Invited(by.id(), at));
        tables.keep(invitations, invitation, oldest -> {
            tables.facts.invitationRemoved(oldest.id);
            tables.remove("invitations", oldest.id);
            tables.answers.accepted(oldest.accepted ? -1 : 0);
        });
    }

    void accept(Instant at) throws SQLException {
        if (!invitations.isEmpty()) {
            Invitation invitation = tables.pick(invitations);
            tables.answers.accepted(invitation.accepted ? 0 : 1);
            invitation.accepted = true;
            tables.facts.accepted(invitation.id, at);
            tables.rows.update(
                    "update invitations set opened_at = coalesce(opened_at, ?), accepted_at = ?,"
                            + ProductTables.TOUCHED + "where id = ?",
                    at,
                    at,
                    at,
                    ProductTables.SYSTEM,
                    invitation.id);
        }
    }
}
