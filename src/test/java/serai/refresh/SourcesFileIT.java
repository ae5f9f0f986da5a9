package serai.refresh;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import serai.edits.Refusal;

/** {@code sql/sources.yaml}, and what it changes for a once. The time is 10:00 UTC on 31 March 2026. */
class SourcesFileIT {

    private static final Path FILE = Path.of("sql/sources.yaml");
    private final RefreshFixture fixture = new RefreshFixture();
    private final SourcesFile sources = new SourcesFile(fixture.warehouse);

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void aTableThatNoImportFillsIsCompleteWhenTheFileSaysSo() throws Exception {
        fixture.execute("insert into landing.users (user_id, created_at) values ('a', '2026-03-01')");
        fixture.edit("sql/facts/seats.sql", """
                -- @kind    once
                -- @grain   date_key
                -- @reads   landing.users
                -- @window  date_key by day from landing.users.created_at
                -- @about   One row per day: how many accounts there were.
                select (:from at time zone 'UTC')::date as date_key, count(*) as accounts from users
                where created_at < :to
                """);
        fixture.refresh.run();
        assertThat(fixture.one("select status, error from meta.model_state"))
                .isEqualTo("incomplete|2026-03-30 is not written yet: nothing says up to when its inputs are complete."
                        + " Say it in sql/sources.yaml.");
        assertThat(edit("landing.users: {complete: always}")).isEmpty();
        fixture.refresh.run();
        assertThat(fixture.rows("select date_key, accounts from star.seats")).containsExactly("2026-03-30|1");

        assertThat(edit("landing.users: {complete: 6h}")).isEmpty();
        assertThat(fixture.one("select complete_after from meta.declared_sources"))
                .isEqualTo("06:00:00");
        assertThat(edit("landing.users:\n  complete: 6 hours\n"))
                .singleElement()
                .satisfies(refusal -> {
                    assertThat(refusal.line()).isEqualTo(2);
                    assertThat(refusal.reason()).startsWith("complete is always, or how long");
                });
        assertThat(fixture.one("select complete_after from meta.declared_sources"))
                .as("what a refused file said before stays")
                .isEqualTo("06:00:00");
        assertThat(sources.apply(Map.of(FILE, Optional.empty()))).isEmpty();
        assertThat(fixture.rows("select * from meta.declared_sources")).isEmpty();
    }

    @Test
    void mistakesAreNamedWithTheirLine() {
        assertThat(edit("star.fact: {complete: always}").get(0).reason())
                .isEqualTo("'star.fact' is not a relation of landing or app: write landing.NAME or app.NAME");
        assertThat(edit("landing.a:\n  complet: always").get(0).reason())
                .isEqualTo("there is no key 'complet'; did you mean 'complete'?");
        assertThat(edit("landing.a: {complete: always}\nlanding.a: {complete: 1h}")
                        .get(0)
                        .line())
                .isEqualTo(2);
        assertThat(edit("- landing.a").get(0).reason()).startsWith("write the names of relations");
        assertThat(edit("landing.a: [").get(0).reason()).startsWith("it is not YAML");
        assertThat(edit("")).isEmpty();
    }

    private List<Refusal> edit(String text) {
        return sources.apply(Map.of(FILE, Optional.of(text)));
    }
}
