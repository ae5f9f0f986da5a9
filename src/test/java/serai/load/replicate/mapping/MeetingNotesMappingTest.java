package serai.load.replicate.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The example of {@code docs/mapping.md}, over the tables of such a product. */
class MeetingNotesMappingTest {

    private static final Path FILE = Path.of("docs/examples/meeting-notes.mapping.yaml");
    private static final List<SourceTable> CATALOG = Stream.of(
                    "public.users (id bigint, email text, name text, address text, phone text, team_id bigint) key (id)",
                    "public.teams (id bigint, title text, billing_address text) key (id)",
                    "public.meetings (id bigint, team_id bigint, held_at timestamp with time zone, transcript text) key (id)",
                    "public.notes (id bigint, meeting_id bigint, body text, words integer) key (id)",
                    "public.attachments (id bigint, note_id bigint, content bytea, size integer) key (id)",
                    "public.invitations (id bigint, email text, invited_by bigint) key (id)",
                    "public.subscriptions (id bigint, team_id bigint, plan text) key (id)",
                    "public.payments (id bigint, team_id bigint, amount numeric(10,2), card_number text) key (id)",
                    "public.audit_log (id bigint, what jsonb) key (id)",
                    "public.tmp_export (id bigint) key (id)",
                    "public.notes_staging (id bigint, body text) key (id)")
            .map(TestRow::table)
            .toList();

    private static Mapping mapping() throws Exception {
        return Mapping.read(FILE, "app", "a key for tests only");
    }

    private static TablePlan plan(String table) throws Exception {
        SourceTable source = CATALOG.stream()
                .filter(t -> t.toString().equals("public." + table))
                .findFirst()
                .orElseThrow();
        return mapping().plan(source).orElseThrow();
    }

    @Test
    void everyRuleOfItFindsWhatItProtects() throws Exception {
        assertThat(mapping().compare(CATALOG)).isEmpty();
    }

    @Test
    void tablesForAuditsAndForADayStayOut() throws Exception {
        Mapping mapping = mapping();
        List<String> arriving = CATALOG.stream()
                .filter(table -> {
                    try {
                        return mapping.plan(table).isPresent();
                    } catch (TableRefusedException e) {
                        throw new IllegalStateException(e);
                    }
                })
                .map(SourceTable::name)
                .toList();

        assertThat(arriving)
                .containsExactly(
                        "users",
                        "teams",
                        "meetings",
                        "notes",
                        "attachments",
                        "invitations",
                        "subscriptions",
                        "payments");
    }

    @Test
    void whoAPersonIsStaysOut() throws Exception {
        TestRow ada = TestRow.of("7", "ada@example.com", "Ada Lovelace", "12 Square", "+44 20 7946", "3");

        assertThat(plan("users").withheld()).containsExactly("name", "address", "phone");
        assertThat(TestRow.arriving(plan("users"), ada))
                .containsOnlyKeys("id", "email", "team_id")
                .containsEntry(
                        "email", plan("invitations").columns().get(1).value(TestRow.of("1", "ada@example.com", "7")))
                .doesNotContainValue("ada@example.com");
    }

    @Test
    void longTextsAndFilesAreNotEvenRead() throws Exception {
        assertThat(plan("notes").reads()).containsExactlyInAnyOrder(0, 1, 3);
        assertThat(plan("meetings").reads()).containsExactlyInAnyOrder(0, 1, 2);
        assertThat(plan("attachments").reads()).containsExactlyInAnyOrder(0, 1, 3);
    }

    @Test
    void cardNumbersAreMasked() throws Exception {
        assertThat(TestRow.arriving(plan("payments"), TestRow.of("1", "3", "9.50", "4111 1111")))
                .containsEntry("card_number", "**** ****")
                .containsEntry("amount", "9.50");
    }
}
