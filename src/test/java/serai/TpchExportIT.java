package serai;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import serai.command.ExitCode;
import serai.testing.ProjectFolder;
import serai.testing.TestDatabase;
import serai.testing.TpchTables;

/** {@code export dbt} of models over a schema from outside the project. */
class TpchExportIT {

    @TempDir
    Path root;

    @Test
    void theExportedProjectCalculatesTheRowsThatSeraiCalculates() throws Exception {
        ProjectFolder folder = ProjectFolder.copyTo(root, "none");
        copyModels(folder);
        TpchTables tables = new TpchTables(0.01);
        try (TestDatabase ours = new TestDatabase();
                TestDatabase dbts = new TestDatabase()) {
            for (TestDatabase database : List.of(ours, dbts)) {
                tables.land(database);
            }
            folder.write(
                    "application.properties",
                    "warehouse.url = " + ours.url()
                            + "\nwarehouse.user = postgres\nrefresh.units-per-transaction = 5000\n");
            call("refresh");
            call("export", "dbt");
            ExportedProject project = new ExportedProject(root.resolve("dbt"), dbts);
            assertThat(project.check()).contains("fact_lineorder_flat", "rpt_q4_3", "seed_segments");
            project.build(false);
            project.assertSameRows(ours);
        }
    }

    private static void copyModels(ProjectFolder folder) throws IOException {
        try (Stream<Path> files = Files.walk(TpchTables.FOLDER.resolve("sql"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = TpchTables.FOLDER.relativize(file).toString();
                if (!name.startsWith("sql/migrations")) {
                    folder.write(name, Files.readString(file));
                }
            }
        }
    }

    private void call(String... arguments) {
        StringWriter out = new StringWriter();
        assertThat(Commands.run(root, new PrintWriter(out), new PrintWriter(out), arguments))
                .as(out::toString)
                .isEqualTo(ExitCode.DONE);
    }
}
