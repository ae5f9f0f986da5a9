package serai.load.replicate.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What only the catalog of the source shows. */
class CatalogCheckTest {

    private static final SourceTable USERS = TestRow.table("public.users (id integer, email text, name text) key (id)");
    private static final SourceTable NOTES = TestRow.table("public.notes (id integer, body text) key (id)");

    private static List<CatalogFinding> findings(String yaml, SourceTable... catalog) throws Exception {
        return Mapping.parse(Path.of("m.yaml"), yaml, "app", null).compare(List.of(catalog));
    }

    private static CatalogFinding only(List<CatalogFinding> findings) {
        assertThat(findings).hasSize(1);
        return findings.get(0);
    }

    @Test
    void rulesThatMatchAreNoFindings() throws Exception {
        assertThat(findings(
                        "tables: [public.%]\nwithout: [public.users.email]\nmask: {public.users.name: hash}\n"
                                + "history: [public.notes]",
                        USERS, NOTES))
                .isEmpty();
    }

    @Test
    void aRemovalThatMatchesNothingParksItsTable() throws Exception {
        CatalogFinding finding = only(findings("tables: [public.%]\nwithout: [public.users.mail]", USERS, NOTES));

        assertThat(finding.refused()).isTrue();
        assertThat(finding.table()).isEqualTo(Optional.of("public.users"));
        assertThat(finding.message()).contains("line 2", "public.users.mail", "correct the name");
    }

    @Test
    void aMaskOfATableThatIsNotThereIsRefused() throws Exception {
        CatalogFinding finding = only(findings("tables: [public.%]\nmask: {public.user.email: hash}", USERS));

        assertThat(finding.refused()).isTrue();
        assertThat(finding.table()).isEmpty();
    }

    @Test
    void aRemovalOfATableThatIsNotSelectedIsNoFinding() throws Exception {
        assertThat(findings("tables: [public.notes]\nwithout: [public.users.email]", USERS, NOTES))
                .isEmpty();
    }

    @Test
    void nothingSelectedIsRefused() throws Exception {
        assertThat(findings("tables: [crm.%]", USERS))
                .anyMatch(finding -> finding.refused() && finding.message().contains("no table of the source"))
                .anyMatch(finding -> !finding.refused() && finding.message().contains("crm.%"));
    }

    @Test
    void historyOfATableThatIsNotSelectedIsRefused() throws Exception {
        assertThat(only(findings("tables: [public.notes]\nhistory: [public.users]", USERS, NOTES))
                        .message())
                .contains("history public.users (line 2)");
    }

    @Test
    void twoTablesOfOneNameAreRefused() throws Exception {
        SourceTable other = TestRow.table("crm.users (id integer) key (id)");

        assertThat(findings("tables: [public.users, crm.users]", USERS, other))
                .hasSize(2)
                .allMatch(CatalogFinding::refused)
                .allSatisfy(finding -> assertThat(finding.message()).contains("app.users", "rename one"));
    }

    @Test
    void aNameThatIsNotPlainIsRefused() throws Exception {
        assertThat(only(findings("tables: [public.%]", TestRow.table("public.Users (id integer) key (id)")))
                        .message())
                .contains("public.Users", "convert-lowercase");
    }

    @Test
    void aWildcardThatNobodyMeantIsSaid() throws Exception {
        CatalogFinding finding = only(findings(
                "tables: [public.user_notes]",
                TestRow.table("public.user_notes (id integer) key (id)"),
                TestRow.table("public.user1notes (id integer) key (id)")));

        assertThat(finding.refused()).isFalse();
        assertThat(finding.message()).contains("user1notes", "[_]");
    }

    @Test
    void aTableThatCannotBePlannedIsNamed() throws Exception {
        CatalogFinding finding = only(findings("tables: [public.%]\nwithout: [public.users.id]", USERS, NOTES));

        assertThat(finding.refused()).isTrue();
        assertThat(finding.table()).isEqualTo(Optional.of("public.users"));
        assertThat(finding.message()).contains("'id'");
    }
}
