package serai.warehouse;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import serai.settings.Secrets;

/**
 * The password of the embedded server's user {@code postgres}. It is made once, and kept in the file {@code password}
 * of the server's folder, which only the owner can read. Without it every user of the machine would be a superuser of
 * the warehouse.
 *
 * @param file holds the password, without a line end
 * @param rules PostgreSQL's {@code pg_hba.conf}
 * @param password as in the file
 */
record EmbeddedLogin(Path file, Path rules, String password) {

    static final String USER = "postgres";

    private static final String PRIVATE_FILE = "rw-------";
    private static final String PRIVATE_FOLDER = "rwx------";
    private static final String METHOD = "scram-sha-256";

    /** The password of the server in a folder; empty when it is not written yet, or by an older version. */
    static Optional<String> read(Path folder) {
        try {
            String password = Files.readString(file(folder)).strip();
            Secrets.add(password);
            return Optional.of(password);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new IllegalStateException(
                    "The password of the embedded PostgreSQL cannot be read from " + file(folder)
                            + ". Run the command as the user who runs Serai.",
                    e);
        }
    }

    /**
     * Makes the folder private, and the password if there is none. Call it before the server starts.
     *
     * @param folder exists
     */
    static EmbeddedLogin prepare(Path folder) throws IOException {
        if (isPosix()) {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(PRIVATE_FOLDER));
        }
        Path rules = folder.resolve("postgres").resolve("pg_hba.conf");
        Optional<String> known = read(folder);
        if (known.isEmpty()) {
            write(file(folder), newPassword(), StandardOpenOption.CREATE_NEW);
            if (Files.exists(rules)) {
                // the server has no password, or one that is lost: it is set at this start
                replace(rules, METHOD, "trust");
            }
        }
        return new EmbeddedLogin(
                file(folder), rules, known.or(() -> read(folder)).orElseThrow());
    }

    /** Sets the password of a running server that does not require it yet. Otherwise it does nothing. */
    void require(String url) throws IOException {
        if (Files.readAllLines(rules).stream().noneMatch(line -> isRule(line) && line.endsWith("trust"))) {
            return;
        }
        try (Connection connection = DriverManager.getConnection(url, USER, password)) {
            // in this order: when the process dies in between, the next start does it again
            Sql.on(connection).execute("set log_statement = 'none'");
            Sql.on(connection).execute("alter role " + USER + " password '" + password + "'");
            replace(rules, "trust", METHOD);
            Sql.on(connection).execute("select pg_reload_conf()");
        } catch (SQLException e) {
            throw new IOException("the password of the embedded PostgreSQL cannot be set: " + e.getMessage(), e);
        }
        awaitRefusal(url);
    }

    /** The server reads its rules a moment after it was asked to. */
    private void awaitRefusal(String url) throws IOException {
        for (int attempt = 0; attempt < 200; attempt++) {
            try (Connection connection = DriverManager.getConnection(url, USER, "")) {
                Thread.sleep(50);
            } catch (SQLException e) {
                return;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
        }
        throw new IOException("the embedded PostgreSQL accepts connections without a password; see " + rules);
    }

    private static void replace(Path rules, String method, String by) throws IOException {
        List<String> lines = Files.readAllLines(rules).stream()
                .map(line -> isRule(line) && line.stripTrailing().endsWith(method)
                        ? line.stripTrailing().substring(0, line.stripTrailing().length() - method.length()) + by
                        : line)
                .toList();
        Path draft = rules.resolveSibling("pg_hba.conf.new");
        Files.deleteIfExists(draft);
        write(draft, String.join("\n", lines) + "\n", StandardOpenOption.CREATE_NEW);
        Files.move(draft, rules, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static boolean isRule(String line) {
        return !line.isBlank() && !line.stripLeading().startsWith("#");
    }

    private static Path file(Path folder) {
        return folder.resolve("password");
    }

    private static String newPassword() {
        byte[] random = new byte[24];
        new SecureRandom().nextBytes(random);
        return HexFormat.of().formatHex(random);
    }

    /** No other user can read the file at any moment. */
    private static void write(Path file, String text, StandardOpenOption option) throws IOException {
        FileAttribute<?>[] attributes = isPosix()
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(PRIVATE_FILE))
                }
                : new FileAttribute<?>[0];
        try (var channel = Files.newByteChannel(file, Set.of(option, StandardOpenOption.WRITE), attributes)) {
            channel.write(java.nio.ByteBuffer.wrap(text.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        }
    }

    private static boolean isPosix() {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    }
}
