package serai.refresh;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import serai.testing.Rounds;
import serai.testing.TestDatabase;
import serai.testing.TpchTables;

/**
 * Models over a schema from outside the project, TPC-H's, for some days in which everything changes: new, late, changed
 * and deleted orders and lines, and customers, suppliers and parts with other attributes.
 */
class TpchIT {

    private static final Instant FIRST = Instant.parse("1992-01-01T00:00:00Z");
    private static final LocalDate START = LocalDate.of(1998, 6, 1);

    private final RefreshFixture fixture = new RefreshFixture(new TestDatabase(), 500);
    private int day;

    @BeforeEach
    void land() throws IOException {
        new TpchTables(0.01).land(fixture.database);
        // what arrives later: orders to come, and some customers and orders that are late
        fixture.execute("""
                create schema later;
                create table later.customer as select * from landing.customer where c_custkey % 40 = 3;
                create table later.orders as select * from landing.orders
                where o_orderdate > '1998-06-01' or o_orderkey % 100 < 3;
                create table later.lineitem as select * from landing.lineitem
                where l_orderkey in (select o_orderkey from later.orders);
                delete from landing.customer where c_custkey in (select c_custkey from later.customer);
                delete from landing.orders where o_orderkey in (select o_orderkey from later.orders);
                delete from landing.lineitem where l_orderkey in (select l_orderkey from later.lineitem)""");
        assertThat(fixture.files.apply(files())).isEmpty();
        fixture.now = noon(START);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private Map<Path, Optional<String>> files() throws IOException {
        try (Stream<Path> paths = Files.walk(TpchTables.FOLDER.resolve("sql"))) {
            Map<Path, Optional<String>> texts = new HashMap<>();
            for (Path path : paths.filter(Files::isRegularFile).toList()) {
                Path file = TpchTables.FOLDER.relativize(path);
                if (fixture.files.owns(file)) {
                    texts.put(file, Optional.of(TpchTables.text(path)));
                }
            }
            return texts;
        }
    }

    private static Instant noon(LocalDate day) {
        return day.atTime(12, 0).toInstant(ZoneOffset.UTC);
    }

    @Test
    void afterEachDayOfChangesTheModelsAndReportsAreThoseOfThePlainTables() throws Exception {
        fixture.refresh.run();
        assertRight();
        for (day = 1; day <= Rounds.of(2, 25); day++) {
            fixture.now = fixture.now.plus(Duration.ofDays(3));
            changeOrders();
            if (day % 3 == 2) {
                fixture.refresh.runOnce();
            }
            changeLines();
            changeDimensions();
            if (day % 4 != 3) {
                fixture.refresh.run();
                assertRight();
            }
        }
        fixture.refresh.run();
        assertRight();
    }

    /** Whether a key takes part in a change of this day: so many of a thousand do. */
    private String some(String key, int perMille) {
        return "abs(hashint8(" + key + "::bigint * 1009 + " + day + ")) % 1000 < " + perMille;
    }

    private String today() {
        return "'" + LocalDate.ofInstant(fixture.now, ZoneOffset.UTC) + "'";
    }

    private void changeOrders() throws Exception {
        String arriving =
                "o_orderdate <= " + today() + " and (o_orderdate > '1998-06-01' or " + some("o_orderkey", 150) + ")";
        fixture.change("landing.lineitem", """
                insert into landing.lineitem select l.* from later.lineitem l join later.orders on o_orderkey = l_orderkey
                where %s and not exists (select from landing.orders o where o.o_orderkey = l_orderkey)
                on conflict do nothing""".formatted(arriving));
        fixture.change(
                "landing.orders",
                "insert into landing.orders select * from later.orders where " + arriving + " on conflict do nothing",
                "update landing.orders set o_orderdate = o_orderdate - " + day + " where " + some("o_orderkey + 1", 2),
                "update landing.orders set o_custkey = 1 + (o_custkey + " + day + ") % 1500 where "
                        + some("o_orderkey + 2", 2),
                "update landing.orders set o_orderpriority = '1-URGENT' where " + some("o_orderkey + 3", 2),
                "delete from landing.orders where " + some("o_orderkey + 4", 2));
    }

    private void changeLines() throws Exception {
        fixture.change(
                "landing.lineitem",
                "delete from landing.lineitem l where not exists"
                        + " (select from landing.orders o where o.o_orderkey = l.l_orderkey)",
                "delete from landing.lineitem where l_linenumber > 1 and " + some("l_orderkey + 5", 2),
                "update landing.lineitem set l_quantity = l_quantity + 1, l_extendedprice = l_extendedprice * 1.1 where "
                        + some("l_orderkey + 6", 2),
                "update landing.lineitem set l_partkey = 1 + (l_partkey + 7) % 1000 where "
                        + some("l_orderkey + 7", 1));
    }

    private void changeDimensions() throws Exception {
        fixture.change(
                "landing.customer",
                "insert into landing.customer select * from later.customer where " + some("c_custkey", 250)
                        + " on conflict do nothing",
                "update landing.customer set c_nationkey = (c_nationkey + 1) % 25 where " + some("c_custkey + 1", 2),
                "update landing.customer set c_mktsegment = 'BUILDING' where " + some("c_custkey + 2", 2));
        switch (day % 4) {
            case 0 ->
                fixture.change(
                        "landing.supplier",
                        "update landing.supplier set s_nationkey = (s_nationkey + 3) % 25 where s_suppkey = 1 + "
                                + day);
            case 1 ->
                fixture.change(
                        "landing.part",
                        "update landing.part set p_brand = 'Brand#23', p_size = 1 + p_size % 50 where "
                                + some("p_partkey", 1));
            case 2 ->
                fixture.change(
                        "landing.partsupp",
                        "update landing.partsupp set ps_supplycost = ps_supplycost + 1 where " + some("ps_partkey", 3),
                        "delete from landing.partsupp where ps_partkey = " + day);
            default ->
                fixture.change("landing.nation", "update landing.nation set n_name = 'CHILE' where n_nationkey = 2");
        }
    }

    private void assertRight() {
        assertThat(fixture.rows("select model, error from meta.model_state where status <> 'ok'"))
                .isEmpty();
        assertThat(new FromScratch(fixture, FIRST).differences())
                .as("day " + day)
                .isEmpty();
        for (Node report : fixture.files.graph().nodes()) {
            if (report.relation().schema().equals("report")) {
                String plain = TpchTables.text(TpchTables.FOLDER.resolve("plain/" + report.name() + ".sql"));
                assertThat(fixture.rows("select r::text from " + report.relation() + " r order by 1"))
                        .as(report.name())
                        .isNotEmpty()
                        .isEqualTo(fixture.rows("select r::text from (" + plain + ") r order by 1"));
            }
        }
    }
}
