package serai.load.replicate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import serai.testing.Waiting;

/** A rule that is added while a source is followed holds for what is there, too. */
class AddedProtectionsIT {

    private static final String MARKER = "marker@example.org";

    @TempDir
    private Path folder;

    private void write(String rules) throws IOException {
        Files.writeString(
                folder.resolve("app.yaml"), "tables:\n  - public.users\nhistory:\n  - public.users\n" + rules);
    }

    private ReplicationPlan plan(SourceFixture fixture) {
        return fixture.plan(LiveMapping.read(folder, "app.yaml", "app", "a key of more than sixteen characters"));
    }

    private static void create(SourceFixture fixture) {
        fixture.source.execute("create table users (id int primary key, email text, name text, team int);"
                + " insert into users select i, '" + MARKER + "' || i, 'Ada ' || i, i from generate_series(1, 200) i");
    }

    private static List<String> leaks(SourceFixture fixture) {
        return fixture.target.rows(
                "select 'users' from app.users u where u::text like ? or u::text like '%Ada%' union"
                        + " select 'history' from app_history.users h where h::text like ? or h::text like '%Ada%' union"
                        + " select 'rejects' from meta.rejects where convert_from(payload, 'UTF8') like ?",
                "%" + MARKER + "%", "%" + MARKER + "%", "%" + MARKER + "%");
    }

    @Test
    void anEditEmptiesWhatArrivedBeforeIt() throws Exception {
        try (SourceFixture fixture = new SourceFixture()) {
            create(fixture);
            write("");
            fixture.start(fixture.target.warehouse(), plan(fixture));
            fixture.awaitState("users", "complete");
            fixture.target.execute(
                    "alter table app.users add constraint small check (team < 1000);"
                            + " insert into meta.watches (relation, kind, columns, reads, consumer)"
                            + " values ('app.users', 'key', '{id}', '{email}', 'dim_users'); truncate meta.dirty, meta.dirty_keys");
            fixture.source.execute("update users set email = email || 'x' where id < 9;"
                    + " insert into users values (300, '" + MARKER + "', 'Ada', 2000)");
            fixture.await();
            assertThat(leaks(fixture)).hasSize(3);
            write("mask: {");
            write("without:\n  - public.users.email\nmask:\n  public.users.name: hash-salted\n");
            fixture.source.execute("insert into users values (201, '" + MARKER + "', 'Ada', 1)");
            Waiting.soon().until(() -> leaks(fixture).isEmpty());
            fixture.awaitState("users", "complete");
            Waiting.soon()
                    .until(() ->
                            fixture.target.number("select count(*) from app.users where length(name) = 64") == 201);
            assertThat(fixture.target.number("select count(*) from app.users where email is null"))
                    .isEqualTo(201);
            assertThat(fixture.target.number(
                            "select (select count(*) from meta.dirty) + (select count(*) from meta.dirty_keys)"))
                    .as("marks for models that read it")
                    .isPositive();
            assertThat(leaks(fixture)).isEmpty();
        }
    }

    @Test
    void itHoldsAfterARestartAndWhateverConnectionsEnd() throws Exception {
        try (SourceFixture fixture = new SourceFixture()) {
            create(fixture);
            write("");
            fixture.start(fixture.target.warehouse(), plan(fixture));
            fixture.awaitState("users", "complete");
            fixture.stop();
            write("mask:\n  public.users.email: hash\n  public.users.name: hash\n");
            fixture.start(fixture.target.warehouse(), plan(fixture));
            for (int i = 0; i < 3; i++) {
                SourceFixture.endConnections(fixture.target);
                fixture.source.execute("update users set team = team + 1 where id = 1");
            }
            Waiting.soon()
                    .until(() ->
                            fixture.target.number("select count(*) from app.users where length(email) = 64") == 200);
            fixture.awaitState("users", "complete");
            fixture.await();
            assertThat(leaks(fixture)).isEmpty();
            assertThat(fixture.target.number("select team from app.users where id = 1"))
                    .isEqualTo(4);
        }
    }
}
