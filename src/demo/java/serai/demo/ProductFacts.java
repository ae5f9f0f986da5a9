package serai.demo;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * What there is in the product's database, kept in memory as it happens: for {@link ProductStar}. It needs memory for
 * each row, so it is kept on request only.
 */
final class ProductFacts {

    /**
     * @param customer whether reports count the person
     * @param channel by which they came
     */
    record Account(String id, long team, Instant at, boolean customer, String channel) {}

    record Team(long id, String currency, boolean customer, Instant at) {}

    record Subscribed(long id, long team, String kind, String plan, int seats, long revenue, Instant at) {}

    /** A meeting; notes are in the order of writing. */
    static final class Meeting {
        final long id;
        final String host;
        final long team;
        final String integration;
        final Map<Long, Note> notes = new LinkedHashMap<>();
        Instant at;

        Meeting(long id, String host, long team, String integration, Instant at) {
            this.id = id;
            this.host = host;
            this.team = team;
            this.integration = integration;
            this.at = at;
        }
    }

    static final class Note {
        final String author;
        final Instant at;
        Instant sharedAt;

        Note(String author, Instant at) {
            this.author = author;
            this.at = at;
        }
    }

    static final class Invited {
        final String by;
        final Instant at;
        Instant acceptedAt;

        Invited(String by, Instant at) {
            this.by = by;
            this.at = at;
        }
    }

    static final class Mailed {
        final String to;
        final String template;
        final Instant at;
        final boolean bounced;
        /** When it was delivered; null when it came back. */
        final Instant deliveredAt;

        Instant openedAt;
        boolean clicked;

        Mailed(String to, String template, Instant at, boolean bounced) {
            this.to = to;
            this.template = template;
            this.at = at;
            this.bounced = bounced;
            this.deliveredAt = bounced ? null : at.plusSeconds(2);
        }
    }

    private final boolean kept;
    private final Map<String, Account> accounts = new LinkedHashMap<>();
    private final Map<Long, Team> teams = new LinkedHashMap<>();
    private final Map<Long, Meeting> meetings = new LinkedHashMap<>();
    private final Map<Long, Meeting> meetingOfNote = new HashMap<>();
    private final Map<Long, Invited> invitations = new LinkedHashMap<>();
    private final Map<UUID, Mailed> messages = new LinkedHashMap<>();
    private final Map<Long, Subscribed> subscribed = new LinkedHashMap<>();

    /** @param kept whether to keep anything */
    ProductFacts(boolean kept) {
        this.kept = kept;
    }

    boolean isKept() {
        return kept;
    }

    static LocalDate day(Instant at) {
        return at.atOffset(ZoneOffset.UTC).toLocalDate();
    }

    void account(Account account) {
        put(accounts, account.id(), account);
    }

    void team(Team team) {
        put(teams, team.id(), team);
    }

    void meeting(Meeting meeting) {
        put(meetings, meeting.id, meeting);
    }

    void moved(long meeting, Instant at) {
        if (kept) {
            meetings.get(meeting).at = at;
        }
    }

    void meetingRemoved(long id) {
        meetings.remove(id);
    }

    void note(long id, long meeting, Note note) {
        if (kept) {
            meetingOfNote.put(id, meetings.get(meeting));
            meetings.get(meeting).notes.put(id, note);
        }
    }

    void shared(long note, Instant at) {
        if (kept) {
            Note shared = meetingOfNote.get(note).notes.get(note);
            shared.sharedAt = shared.sharedAt == null ? at : shared.sharedAt;
        }
    }

    void invited(long id, Invited invited) {
        put(invitations, id, invited);
    }

    void accepted(long id, Instant at) {
        if (kept) {
            invitations.get(id).acceptedAt = at;
        }
    }

    void invitationRemoved(long id) {
        invitations.remove(id);
    }

    void mailed(UUID id, Mailed message) {
        put(messages, id, message);
    }

    void opened(UUID id, Instant at, boolean clicked) {
        if (kept) {
            Mailed message = messages.get(id);
            message.openedAt = message.openedAt == null ? at : message.openedAt;
            message.clicked |= clicked;
        }
    }

    void messageRemoved(UUID id) {
        messages.remove(id);
    }

    void subscribed(Subscribed change) {
        put(subscribed, change.id(), change);
    }

    void subscribedRemoved(long id) {
        subscribed.remove(id);
    }

    private <K, V> void put(Map<K, V> to, K key, V value) {
        if (kept) {
            to.put(key, value);
        }
    }

    Map<String, Account> accounts() {
        return accounts;
    }

    /** Whether reports count what a person does. */
    boolean isCustomer(String id) {
        return accounts.get(id).customer();
    }

    Map<Long, Team> teams() {
        return teams;
    }

    Collection<Meeting> meetings() {
        return meetings.values();
    }

    List<Note> notes() {
        return meetings.values().stream()
                .flatMap(m -> m.notes.values().stream())
                .toList();
    }

    Collection<Invited> invitations() {
        return invitations.values();
    }

    Collection<Mailed> messages() {
        return messages.values();
    }

    Collection<Subscribed> subscribed() {
        return subscribed.values();
    }
}
