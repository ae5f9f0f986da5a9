package serai.load.replicate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.shyiko.mysql.binlog.BinaryLogClient;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import serai.http.Certificates;
import serai.testing.TestMariaDb;

/** Queries and the log of a MariaDB server come by TLS, from a server whose certificate is checked. */
class MariaDbTlsIT {

    @Test
    void queriesAndTheLogComeByTls() throws Exception {
        try (MariaDbFixture fixture = new MariaDbFixture()) {
            String user = "tls_" + fixture.source.name();
            fixture.source.execute("create user '" + user + "'@'%' identified by 'p' require ssl");
            fixture.source.execute("grant select, replication slave, binlog monitor on *.* to '" + user + "'@'%'");
            fixture.source.execute("create table notes (id int primary key)");
            try {
                for (String mode :
                        new String[] {"sslMode=verify-full&serverSslCert=" + TestMariaDb.authority(), "sslMode=trust"
                        }) {
                    fixture.use(SourceDatabase.of(fixture.source.url() + "?" + mode, user, "p"));
                    fixture.start();
                    fixture.await();
                    fixture.source.execute("insert into notes select coalesce(max(id), 0) + 1 from notes");
                    fixture.await();
                    fixture.assertEqual("notes", "id");
                    fixture.stop();
                }
            } finally {
                fixture.source.execute("drop user '" + user + "'@'%'");
            }
        }
    }

    @Test
    void theLogOfAServerOfAnotherAuthorityIsNotRead(@TempDir Path folder) throws Exception {
        Path other = new Certificates(folder).file("ca.pem");
        try (MariaDbFixture fixture = new MariaDbFixture()) {
            String url = fixture.source.url() + "?sslMode=verify-full&serverSslCert=" + other;
            MariaDbDatabase database = new MariaDbDatabase(url, TestMariaDb.USER, TestMariaDb.PASSWORD);
            BinaryLogClient log = database.binlog();
            assertThatThrownBy(() -> log.connect(TimeUnit.SECONDS.toMillis(20))).hasStackTraceContaining("PKIX path");
            assertThat(log.isConnected()).isFalse();
        }
    }
}
