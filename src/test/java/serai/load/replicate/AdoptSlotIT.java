package serai.load.replicate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import serai.Commands;
import serai.SeraiSettings;
import serai.command.CommandContext;
import serai.command.ExitCode;
import serai.testing.ProjectFolder;
import serai.testing.RunningSerai;
import serai.testing.Waiting;

/** The way back from another reader of the slot, which has moved it, and perhaps kept the tables. */
class AdoptSlotIT {

    private static final String MAPPING = "tables:\n  - public.%\nhistory:\n  - public.kept\n";

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();

    private int adopt(SourceFixture fixture) throws Exception {
        Files.writeString(
                folder.resolve("application.properties"),
                Files.readString(Path.of("application.properties")) + "\nwarehouse.url = " + fixture.target.url()
                        + "\nwarehouse.user = postgres\n");
        try (CommandContext context = new CommandContext(folder, SeraiSettings.GROUPS)) {
            return Commands.of(context).setOut(new PrintWriter(out)).execute("adopt-slot", "load-app");
        }
    }

    private RunningSerai start(SourceFixture fixture) throws Exception {
        return RunningSerai.start(folder, fixture.target, ReplicateRouteIT.settings(fixture));
    }

    private static void awaitUnread(SourceFixture fixture) {
        Waiting.soon()
                .until(() -> fixture.source.value(
                                "select 1 from pg_replication_slots where active and slot_name = ?", fixture.slot())
                        == null);
    }

    @Test
    void aSlotThatAnotherReaderHasMovedIsTakenOverOnceItsTablesAreEqual() throws Exception {
        try (SourceFixture fixture = new SourceFixture()) {
            fixture.source.execute("""
                    create table kept (id int primary key, n int, at date default '2026-03-01');
                    create table forgotten (id int primary key, n int);
                    insert into kept select i, i from generate_series(1, 3000) i;
                    insert into forgotten select i, i from generate_series(1, 3000) i""");
            ProjectFolder.copyTo(folder, "routes/kamelets/replicate.kamelet.yaml", "routes/_errors.camel.yaml")
                    .write(
                            "routes/load/load-app.camel.yaml",
                            ReplicateRouteIT.ROUTE.formatted(fixture.slot(), fixture.slot()))
                    .write("mappings/app.yaml", MAPPING);
            try (RunningSerai serai = start(fixture)) {
                fixture.await();
                fixture.awaitState("kept", "complete");
                fixture.awaitState("forgotten", "complete");
                assertThat(adopt(fixture)).as("nothing was moved").isEqualTo(ExitCode.NO);
            }
            awaitUnread(fixture);
            fixture.target.execute("""
                    insert into meta.watches (relation, kind, columns, reads, consumer)
                    values ('app.kept', 'window', '{at}', '{at,n}', 'm');
                    truncate meta.dirty""");
            String elsewhere = "update %1$s.kept set n = 0 where id = 1; delete from %1$s.kept where id = 2";
            fixture.source.execute(elsewhere.formatted("public") + "; delete from forgotten where id < 10;"
                    + " insert into forgotten values (4000, 1)");
            fixture.target.execute(elsewhere.formatted("app"));
            fixture.source.rows(
                    "select pg_replication_slot_advance(?, pg_current_wal_insert_lsn())::text", fixture.slot());
            fixture.source.execute("update kept set n = 5 where id = 5; update forgotten set n = 5 where id = 5000");

            try (RunningSerai serai = start(fixture)) {
                fixture.awaitFailure("another reader has used it");
                assertThat(fixture.target.number("select n from app.kept where id = 5"))
                        .as("it waits")
                        .isEqualTo(5);
                fixture.source.execute("insert into kept values (5000, 1); insert into forgotten values (5000, 1)");
                assertThat(adopt(fixture)).as(out.toString()).isEqualTo(ExitCode.DONE);
                fixture.await();
                fixture.assertEqual("kept");
                fixture.assertEqual("forgotten");
            }
            assertThat(fixture.target.rows(
                            "select source_table, state, mismatches > 0 from meta.validations order by 1"))
                    .containsExactly("public.forgotten|mismatched|t", "public.kept|validated|f");
            assertThat(fixture.target.rows("select source_table, state, gap from meta.replicated_tables order by 1"))
                    .containsExactly("public.forgotten|complete|f", "public.kept|complete|f");
            assertThat(fixture.target.rows(
                            "select operation, n from app_history.kept where id in (1, 2, 5000) and valid_to is null"
                                    + " order by id"))
                    .as("what the other reader wrote is a version")
                    .containsExactly("reload|0", "delete|null", "insert|1");
            assertThat(fixture.target.number(
                            "select count(*) from meta.dirty where relation = 'app.kept'" + " and day = '-infinity'"))
                    .as("models calculate it again")
                    .isPositive();
            awaitUnread(fixture);
        }
    }

    @Test
    void aSlotThatIsGoneIsNotTakenOver() throws Exception {
        try (SourceFixture fixture = new SourceFixture()) {
            fixture.source.execute("create table kept (id int primary key); insert into kept values (1)");
            fixture.start();
            fixture.await();
            fixture.awaitState("kept", "complete");
            fixture.stop();
            awaitUnread(fixture);
            fixture.source.execute("select pg_drop_replication_slot('" + fixture.slot() + "')");
            assertThat(fixture.target.number("select count(*) from meta.replicated_sources"))
                    .isEqualTo(1);
            fixture.target.execute("update meta.replicated_sources set adopt_asked_at = clock_timestamp()");
            fixture.start();
            fixture.awaitFailure("is gone");
            assertThat(fixture.target.rows("select adopt_asked_at, adopted_at from meta.replicated_sources"))
                    .containsExactly("null|null");
        }
    }
}
