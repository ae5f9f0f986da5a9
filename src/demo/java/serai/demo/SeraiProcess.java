package serai.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Serai in a JVM of its own, on free ports, which can be killed. Its log is {@code serai.log} in its folder. */
public final class SeraiProcess implements AutoCloseable {

    private final Process process;
    private final Path log;
    private final int port;
    private final int managementPort;

    private SeraiProcess(Process process, Path log, int port, int managementPort) {
        this.process = process;
        this.log = log;
        this.port = port;
        this.managementPort = managementPort;
    }

    /** The Java command with options for a start that is as short as possible. */
    public static List<String> quickJava() {
        return List.of(java(), "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
    }

    /** The Java command of this JVM. */
    public static String java() {
        return System.getProperty("java.home") + "/bin/java";
    }

    /** The arguments that run a class of this JVM's class path. */
    public static List<String> ofClassPath(String mainClass) {
        return List.of(
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                mainClass);
    }

    /** The arguments that run a jar. */
    public static List<String> ofJar(Path jar) {
        return List.of("-jar", jar.toAbsolutePath().toString());
    }

    /** Starts the classes of this JVM, quickly. */
    public static SeraiProcess start(Path folder, Map<String, String> settings) throws IOException {
        return start(folder, quickJava(), settings, ofClassPath("serai.Serai"));
    }

    /**
     * Starts Serai in a folder that holds {@code routes} and {@code sql}; the project's {@code application.properties}
     * is copied there if it has none.
     *
     * @param java the Java command and its options
     * @param settings given as system properties, which take precedence over {@code application.properties}
     * @param program {@link #ofClassPath} or {@link #ofJar}
     */
    public static SeraiProcess start(Path folder, List<String> java, Map<String, String> settings, List<String> program)
            throws IOException {
        int port = freePort();
        int managementPort = freePort();
        List<String> command = new ArrayList<>(java);
        settings.forEach((key, value) -> command.add("-D" + key + "=" + value));
        command.addAll(program);
        if (!Files.exists(folder.resolve("application.properties"))) {
            Files.copy(Path.of("application.properties"), folder.resolve("application.properties"));
        }
        Path log = folder.resolve("serai.log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        // as operators override settings
        builder.environment().put("CAMEL_SERVER_PORT", String.valueOf(port));
        builder.environment().put("CAMEL_MANAGEMENT_PORT", String.valueOf(managementPort));
        return new SeraiProcess(builder.start(), log, port, managementPort);
    }

    /** A port that nothing listens on at the moment. */
    public static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The address of the page and of status.json, without a slash at its end. */
    public String page() {
        return "http://127.0.0.1:" + port;
    }

    /** The address of health and metrics, without a slash at its end. */
    public String management() {
        return "http://127.0.0.1:" + managementPort;
    }

    public long pid() {
        return process.pid();
    }

    /** @throws IllegalStateException with its log, if it has ended */
    public void requireAlive() throws IOException {
        if (!isAlive()) {
            throw new IllegalStateException("Serai ended:\n" + log());
        }
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** What it and earlier processes in its folder have logged. */
    public String log() throws IOException {
        return Files.readString(log);
    }

    /** As {@code kill -9}. */
    public void kill() throws InterruptedException {
        process.destroyForcibly();
        exitCode();
    }

    /** As an operator stops it; returns the exit code. */
    public int stop() throws InterruptedException {
        process.destroy();
        return exitCode();
    }

    /** The exit code, once it has ended. */
    public int exitCode() throws InterruptedException {
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            throw new IllegalStateException("The process has not ended within a minute; its log is " + log);
        }
        return process.exitValue();
    }

    /** Stops it as an operator does; kills it when it does not end. */
    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            kill();
        }
    }
}
