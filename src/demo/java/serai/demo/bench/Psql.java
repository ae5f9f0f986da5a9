package serai.demo.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The peer of the benches that load rows: psql on the server that Serai loads into. */
record Psql(Path folder, int port, String password) {

    /** The seconds that psql needs to start and to run some commands. */
    double seconds(String... commands) throws Exception {
        Path script = folder.resolve("peer.sql");
        Files.writeString(script, String.join("\n", commands));
        ProcessBuilder command = new ProcessBuilder(
                        "psql",
                        "-q",
                        "-v",
                        "ON_ERROR_STOP=1",
                        "-h",
                        "127.0.0.1",
                        "-p",
                        String.valueOf(port),
                        "-U",
                        "postgres",
                        "-f",
                        script.toString(),
                        "postgres")
                .inheritIO();
        command.environment().put("PGPASSWORD", password);
        long start = System.nanoTime();
        Process psql;
        try {
            psql = command.start();
        } catch (IOException e) {
            throw new IllegalStateException("The peer psql is not installed: apt-get install postgresql-client", e);
        }
        if (psql.waitFor() != 0) {
            throw new IllegalStateException("psql failed");
        }
        return (System.nanoTime() - start) / 1e9;
    }
}
