package serai.demo;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import serai.demo.ProductEvents.User;

/** Meetings, their notes with long texts, and files. */
final class ProductMeetings {

    private static final int MOST_FILES = 3;

    private record Meeting(long id, User host, LocalDate day, List<Note> notes) {}

    private static final class Note {
        private final long id;
        private final User author;
        private final LocalDate day;
        private int words;
        private int shares;
        private int files;

        Note(long id, User author, LocalDate day) {
            this.id = id;
            this.author = author;
            this.day = day;
        }
    }

    private final ProductTables tables;
    private final List<Meeting> meetings = new ArrayList<>();
    private final double longTexts;

    /** @param longTexts the share of texts that are long before the product lives */
    ProductMeetings(ProductTables tables, double longTexts) {
        this.tables = tables;
        this.longTexts = longTexts;
    }

    private static LocalDate day(Instant at) {
        return at.atOffset(ZoneOffset.UTC).toLocalDate();
    }

    void hold(Instant at, User host, ProductTeam team) throws SQLException {
        Meeting meeting = new Meeting(tables.nextId(), host, day(at), new ArrayList<>());
        String title = tables.texts.title();
        String integration = tables.texts.pick("zoom", "teams", "google_calendar", null);
        tables.add(
                "meetings",
                at,
                host.id(),
                meeting.id(),
                team.id,
                host.id(),
                title,
                integration,
                at,
                tables.random.nextInt(5, 90),
                tables.random.nextInt(2, 12),
                tables.random.nextInt(0, 4),
                tables.random.nextBoolean() ? text() : null);
        tables.answers.meeting(meeting.day(), 1);
        tables.answers.active(meeting.day(), host.id(), 1);
        tables.facts.meeting(new ProductFacts.Meeting(meeting.id(), host.id(), team.id, integration, at));
        tables.keep(meetings, meeting, this::remove);
        if (tables.random.nextInt(10) < 8) {
            write(at, meeting, tables.pick(team.members));
        }
    }

    private String text() {
        double share = tables.isLive() ? 0.3 : longTexts;
        double luck = tables.random.nextDouble();
        int length = luck < share / 50 ? 200_000 : luck < share ? tables.random.nextInt(4_000, 30_000) : 80;
        return tables.texts.text(length);
    }

    private void write(Instant at, Meeting meeting, User author) throws SQLException {
        Note note = new Note(tables.nextId(), author, day(at));
        String body = text();
        note.words = words(body);
        tables.add(
                "notes",
                at,
                author.id(),
                note.id,
                meeting.id(),
                author.id(),
                tables.texts.title(),
                body,
                note.words,
                tables.random.nextInt(6),
                0,
                null,
                null,
                "{\"tags\": [\"" + tables.texts.pick("sales", "1:1", "議") + "\"]}");
        meeting.notes().add(note);
        tables.answers.words(note.words);
        tables.facts.note(note.id, meeting.id(), new ProductFacts.Note(author.id(), at));
        tables.answers.active(note.day, author.id(), 1);
        while (body.length() > 1_000 && note.files < MOST_FILES && tables.random.nextBoolean()) {
            int size = tables.random.nextInt(1_000, 10_000);
            note.files++;
            tables.add(
                    "attachments",
                    at,
                    author.id(),
                    note.id,
                    note.files,
                    tables.texts.title() + ".pdf",
                    size,
                    tables.texts.bytes(size));
        }
    }

    private static int words(String body) {
        return body.strip().split("\\s+").length;
    }

    private Note anyNote() {
        List<Note> notes =
                meetings.isEmpty() ? List.of() : tables.pick(meetings).notes();
        return notes.isEmpty() ? null : tables.pick(notes);
    }

    /** The long text is not written again. */
    void retitle(Instant at) throws SQLException {
        Note note = anyNote();
        if (note != null) {
            change(note, at, "title = ?, last_viewed_at = ?", tables.texts.title(), at);
        }
    }

    void rewrite(Instant at) throws SQLException {
        Note note = anyNote();
        if (note != null) {
            String body = text();
            tables.answers.words(words(body) - note.words);
            note.words = words(body);
            change(note, at, "body = ?, words = ?", body, note.words);
        }
    }

    void share(Instant at) throws SQLException {
        Note note = anyNote();
        if (note != null) {
            note.shares++;
            tables.answers.shares(1);
            tables.facts.shared(note.id, at);
            change(note, at, "shares = shares + 1, first_shared_at = coalesce(first_shared_at, ?)", at);
        }
    }

    private void change(Note note, Instant at, String set, Object... values) throws SQLException {
        List<Object> parameters = new ArrayList<>(List.of(values));
        parameters.addAll(List.of(at, note.author.id(), note.id));
        tables.rows.update(
                "update notes set " + set + "," + ProductTables.TOUCHED + "where id = ?", parameters.toArray());
    }

    /** Changes many rows without their long texts. */
    void tag(Instant at, ProductTeam team) throws SQLException {
        tables.rows.update(
                "update notes n set properties = jsonb_set(n.properties, '{reviewed}', to_jsonb(?::text)),"
                        + ProductTables.TOUCHED + "from meetings m where m.id = n.meeting_id and m.team_id = ?"
                        + " and m.held_at > ?::timestamptz - interval '7 days'",
                at.toString(),
                at,
                ProductTables.SYSTEM,
                team.id,
                at);
    }

    /** Removes a file; the last one gets its place, which is its key. */
    void detach(Instant at) throws SQLException {
        Note note = anyNote();
        if (note == null || note.files == 0) {
            return;
        }
        int place = tables.random.nextInt(1, note.files + 1);
        tables.rows.update("delete from attachments where note_id = ? and position = ?", note.id, place);
        if (place < note.files) {
            tables.rows.update(
                    "update attachments set position = ?," + ProductTables.TOUCHED
                            + "where note_id = ? and position = ?",
                    place,
                    at,
                    note.author.id(),
                    note.id,
                    note.files);
        }
        note.files--;
        tables.answers.rows("attachments", -1);
    }

    /** Somebody corrects when a meeting was held. */
    void move(Instant at) throws SQLException {
        if (!meetings.isEmpty()) {
            int place = tables.random.nextInt(meetings.size());
            Meeting meeting = meetings.get(place);
            Instant heldAt = at.minus(Duration.ofHours(tables.random.nextInt(1, 72)));
            tables.rows.update(
                    "update meetings set held_at = ?," + ProductTables.TOUCHED + "where id = ?",
                    heldAt,
                    at,
                    meeting.host().id(),
                    meeting.id());
            Meeting moved = new Meeting(meeting.id(), meeting.host(), day(heldAt), meeting.notes());
            tables.answers.meeting(meeting.day(), -1);
            tables.answers.active(meeting.day(), meeting.host().id(), -1);
            tables.answers.meeting(moved.day(), 1);
            tables.answers.active(moved.day(), meeting.host().id(), 1);
            tables.facts.moved(meeting.id(), heldAt);
            meetings.set(place, moved);
        }
    }

    void cancel() throws SQLException {
        if (!meetings.isEmpty()) {
            remove(meetings.remove(tables.random.nextInt(meetings.size())));
        }
    }

    private void remove(Meeting meeting) throws SQLException {
        tables.remove("meetings", meeting.id());
        tables.facts.meetingRemoved(meeting.id());
        tables.answers.meeting(meeting.day(), -1);
        tables.answers.active(meeting.day(), meeting.host().id(), -1);
        for (Note note : meeting.notes()) {
            tables.answers.rows("notes", -1);
            tables.answers.rows("attachments", -note.files);
            tables.answers.words(-note.words);
            tables.answers.shares(-note.shares);
            tables.answers.active(note.day, note.author.id(), -1);
        }
    }
}
