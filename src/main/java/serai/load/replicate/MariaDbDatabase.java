package serai.load.replicate;

import com.github.shyiko.mysql.binlog.BinaryLogClient;
import com.github.shyiko.mysql.binlog.network.SSLMode;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import org.mariadb.jdbc.Configuration;
import org.mariadb.jdbc.HostAddress;
import org.mariadb.jdbc.export.SslMode;

/** A MariaDB server that is followed, and what sessions that follow it remember for the next one. */
final class MariaDbDatabase implements SourceDatabase {

    /** A value's text must not depend on the settings of the server or the user. */
    private static final String SESSION =
            "set session time_zone = '+00:00', sql_mode = '', net_write_timeout = 3600, lc_time_names = 'en_US'";

    private static final int STATEMENT_TIMEOUT = 1969;
    /** The server sends something every few seconds. */
    private static final int SILENCE_MILLIS = 30_000;

    private final String url;
    private final String user;
    private final String password;
    private final Set<Long> withdrawn = ConcurrentHashMap.newKeySet();
    private final Set<String> prepared = ConcurrentHashMap.newKeySet();
    /** Of two replicas with one number the server ends one; people give theirs small ones. */
    private final long serverId = (1L << 30) + ThreadLocalRandom.current().nextInt(1 << 30);

    private volatile long applied;

    MariaDbDatabase(String url, String user, String password) {
        this.url = url;
        this.user = user;
        this.password = password;
    }

    @Override
    public String url() {
        return url;
    }

    @Override
    public String user() {
        return user;
    }

    @Override
    public String password() {
        return password;
    }

    /** Positions of transactions whose rows do not count: they were rolled back after they were logged. */
    Set<Long> withdrawn() {
        return withdrawn;
    }

    /** Tables that were changed by transactions that are to be committed by another session. */
    Set<String> prepared() {
        return prepared;
    }

    /** Up to where the log is applied; 0 before the first session. */
    long applied() {
        return applied;
    }

    void applied(long position) {
        applied = position;
    }

    @Override
    public Connection connect() throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("password", password);
        Connection connection = DriverManager.getConnection(url, properties);
        try (Statement statement = connection.createStatement()) {
            statement.execute(SESSION);
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /** A client that reads the log. */
    BinaryLogClient binlog() throws SQLException {
        Configuration configuration = Configuration.parse(url);
        HostAddress address = configuration.addresses().get(0);
        BinaryLogClient client = new BinaryLogClient(address.host, address.port, user, password);
        client.setServerId(serverId);
        client.setUseSendAnnotateRowsEvent(false);
        client.setSocketFactory(() -> {
            Socket socket = new Socket();
            socket.setSoTimeout(SILENCE_MILLIS);
            return socket;
        });
        SslMode mode = configuration.sslMode();
        if (mode != SslMode.DISABLE) {
            try {
                client.setSslSocketFactory(new BinlogTls(mode, address, configuration.serverSslCert()));
            } catch (GeneralSecurityException | IOException e) {
                throw new SQLException("serverSslCert cannot be read: " + e.getMessage(), e);
            }
            // the socket checks what is to be checked
            client.setSSLMode(SSLMode.REQUIRED);
        }
        return client;
    }

    @Override
    public List<CatalogTable> tables(Connection source) throws SQLException {
        return new MariaDbCatalog(source).tables();
    }

    @Override
    public SourceRows rows(Connection source) {
        return new MariaDbRows(source);
    }

    @Override
    public SourceLog log(ReplicationPlan plan, Connection source) {
        return new MariaDbLog(this, plan, source);
    }

    @Override
    public SourceUpkeep upkeep(ReplicationPlan plan) {
        return new MariaDbUpkeep(this);
    }

    @Override
    public void limitQueries(Connection source, Duration longest) throws SQLException {
        try (Statement statement = source.createStatement()) {
            statement.execute("set session max_statement_time = " + longest.toMillis() / 1_000.0);
        }
    }

    @Override
    public boolean isCanceled(SQLException e) {
        return e.getErrorCode() == STATEMENT_TIMEOUT;
    }

    /** The address without anything that may be secret. */
    @Override
    public String toString() {
        return url.replaceAll("\\?.*", "");
    }
}
