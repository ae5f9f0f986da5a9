package serai.load.replicate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import serai.testing.Waiting;

/** A copy asks for no more at a time than the source gives in a short time. */
class LimitedCopyIT {

    private static final String SEEN = """
            create table public.seen (rows int);
            create function public.see() returns trigger language plpgsql as
              $$begin insert into public.seen values (new.rows); return null; end$$;
            create trigger see after insert on meta.copy_ranges for each row execute function public.see()""";

    @Test
    void aRangeThatTakesTooLongIsDividedAndNothingIsLostByAKillMeanwhile() throws Exception {
        try (SourceFixture fixture = new SourceFixture()) {
            fixture.source.execute("create table wide (id int primary key, body text);"
                    + " alter table wide alter body set storage external;"
                    + " insert into wide select i, repeat('x', 20000) || i from generate_series(1, 1500) i;"
                    + " create table small (id int primary key); insert into small values (1)");
            fixture.target.execute(SEEN);
            fixture.start(fixture.target.warehouse(), fixture.impatientPlan());
            Waiting.soon().until(() -> fixture.target.value("select 1 from seen where rows <= 5000 limit 1") != null);
            SourceFixture.endConnections(fixture.target);
            fixture.source.execute("update wide set body = 'new' where id in (1, 700, 1500);"
                    + " delete from wide where id = 2; insert into wide values (1501, 'last')");
            fixture.await();
            fixture.assertEqual("wide");
            fixture.assertEqual("small");
            assertThat(fixture.target.number("select count(*) from seen where rows > 100"))
                    .as("ranges before the smallest ones")
                    .isGreaterThan(2);
            assertThat(fixture.target.number("select count(*) from meta.copy_ranges"))
                    .isZero();
        }
    }
}
