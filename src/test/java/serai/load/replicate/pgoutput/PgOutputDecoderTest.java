package serai.load.replicate.pgoutput;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Messages of pgoutput as the protocol describes them, and those that are not. */
class PgOutputDecoderTest {

    private final List<String> seen = new ArrayList<>();
    private final PgOutputDecoder decoder = new PgOutputDecoder(new Recorder());

    /** What was handed on, as texts. */
    private final class Recorder implements ChangeHandler {

        private static List<String> values(RowImage row) {
            List<String> values = new ArrayList<>();
            for (int i = 0; i < row.size(); i++) {
                values.add(row.kind(i) == RowImage.UNCHANGED ? MessageBytes.UNCHANGED : row.text(i));
            }
            return values;
        }

        @Override
        public void begin(long commitLsn, long micros, int xid) {
            seen.add("begin " + commitLsn + " " + micros + " " + xid);
        }

        @Override
        public void commit(long endLsn, long micros) {
            seen.add("commit " + endLsn + " " + micros);
        }

        @Override
        public void relation(SourceRelation relation) {
            seen.add("relation " + relation + " " + relation.identity() + " " + relation.columns());
        }

        @Override
        public void insert(SourceRelation relation, RowImage row) {
            seen.add("insert " + relation.name() + " " + values(row));
        }

        @Override
        public void update(SourceRelation relation, RowImage old, boolean whole, RowImage row) {
            seen.add("update " + relation.name() + " " + (old == null ? "-" : values(old)) + " " + whole + " "
                    + values(row));
        }

        @Override
        public void delete(SourceRelation relation, RowImage old, boolean whole) {
            seen.add("delete " + relation.name() + " " + values(old) + " " + whole);
        }

        @Override
        public void truncate(List<SourceRelation> relations) {
            seen.add("truncate " + relations);
        }

        @Override
        public void message(String prefix) {
            seen.add("message " + prefix);
        }
    }

    private void decode(MessageBytes... messages) throws Exception {
        for (MessageBytes message : messages) {
            decoder.decode(message.buffer());
        }
    }

    private static MessageBytes teams() {
        return MessageBytes.relation(9, "teams", List.of("id", "name"));
    }

    @Example
    void handsOnEveryKindOfMessage() throws Exception {
        decode(
                MessageBytes.begin(),
                MessageBytes.of('O').int64(5).text("elsewhere"),
                MessageBytes.of('Y').int32(70000).text("public").text("mood"),
                teams(),
                MessageBytes.of('I').int32(9).row('N', Arrays.asList("1", null)),
                MessageBytes.of('U').int32(9).row('N', List.of("1", MessageBytes.UNCHANGED)),
                MessageBytes.of('U').int32(9).row('K', Arrays.asList("1", null)).row('N', List.of("2", "é")),
                MessageBytes.of('U').int32(9).row('O', List.of("2", "é")).row('N', List.of("2", "")),
                MessageBytes.of('D').int32(9).row('K', Arrays.asList("2", null)),
                MessageBytes.of('D').int32(9).row('O', List.of("3", "x")),
                MessageBytes.of('T').int32(1).int8(3).int32(9),
                MessageBytes.of('M').int8(1).int64(5).text("mark").int32(2).int16(7),
                MessageBytes.commit(),
                MessageBytes.of('M').int8(0).int64(5).text("outside").int32(0));
        assertThat(seen)
                .containsExactly(
                        "begin 100 7 5",
                        "relation public.teams d [Column[name=id, key=true, type=25, modifier=-1],"
                                + " Column[name=name, key=false, type=25, modifier=-1]]",
                        "insert teams [1, null]",
                        "update teams - false [1, " + MessageBytes.UNCHANGED + "]",
                        "update teams [1, null] false [2, é]",
                        "update teams [2, é] true [2, ]",
                        "delete teams [2, null] false",
                        "delete teams [3, x] true",
                        "truncate [public.teams]",
                        "message mark",
                        "commit 120 7",
                        "message outside");
    }

    @Example
    void refusesWhatIsNotOfTheProtocol() throws Exception {
        assertWrong(MessageBytes.of('Z'), "unknown type");
        assertWrong(MessageBytes.commit(), "outside a transaction");
        assertWrong(MessageBytes.of('I').int32(9).row('N', List.of("1", "x")), "outside a transaction");
        decode(MessageBytes.begin());
        assertWrong(MessageBytes.begin(), "inside another one");
        assertWrong(MessageBytes.of('I').int32(9).row('N', List.of("1", "x")), "was not described");
        decode(teams());
        assertWrong(MessageBytes.of('I').int32(9).row('N', List.of("1")), "1 values for the 2 columns of public.teams");
        assertWrong(MessageBytes.of('I').int32(9).row('K', List.of("1", "x")), "no new row");
        assertWrong(MessageBytes.of('U').int32(9).row('X', List.of("1", "x")), "no new row");
        assertWrong(MessageBytes.of('D').int32(9).row('N', List.of("1", "x")), "no old row");
        assertWrong(MessageBytes.of('I').int32(9).int8('N').int16(2).int8('b').int8('n'), "unknown kind");
        assertWrong(MessageBytes.of('I').int32(9).int8('N').int16(2).int8('t').int32(-5), "cut off");
        assertWrong(MessageBytes.of('T').int32(1 << 30).int8(0).int32(9), "number of tables");
        assertWrong(MessageBytes.of('C').int8(1).int64(1).int64(2).int64(3), "unknown flags");
        assertWrong(MessageBytes.of('R').int32(1).text("a").text("b").int8('q').int16(0), "replica identity");
        assertWrong(MessageBytes.of('O').int64(5).text("x").int8(0), "1 bytes too many");
    }

    private void assertWrong(MessageBytes message, String reason) {
        assertThatThrownBy(() -> decode(message))
                .isInstanceOf(PgOutputException.class)
                .hasMessageContaining(reason)
                .hasMessageNotContaining("x]");
    }

    @Example
    void aMessageThatIsCutOffAnywhereIsRefused() throws Exception {
        decode(MessageBytes.begin(), teams());
        for (MessageBytes message : List.of(
                teams(),
                MessageBytes.of('U').int32(9).row('K', Arrays.asList("1", null)).row('N', List.of("2", "é")),
                MessageBytes.of('T').int32(1).int8(0).int32(9),
                MessageBytes.of('M').int8(1).int64(5).text("mark").int32(2).int16(7),
                MessageBytes.commit())) {
            byte[] whole = message.bytes();
            for (int length = 0; length < whole.length; length++) {
                ByteBuffer cut = ByteBuffer.wrap(whole, 0, length);
                assertThatThrownBy(() -> decoder.decode(cut)).isInstanceOf(PgOutputException.class);
            }
        }
    }

    @Property(tries = 200)
    void rowsArriveAsTheyWereSent(@ForAll("rows") List<String> values) throws Exception {
        PgOutputDecoderTest test = new PgOutputDecoderTest();
        List<String> columns = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            columns.add("c" + i);
        }
        test.decode(
                MessageBytes.begin(),
                MessageBytes.relation(1, "t", columns),
                MessageBytes.of('I').int32(1).row('N', values),
                MessageBytes.of('U').int32(1).row('O', values).row('N', values));
        assertThat(test.seen.subList(2, 4))
                .containsExactly("insert t " + values, "update t " + values + " true " + values);
    }

    @Provide
    Arbitrary<List<String>> rows() {
        return Arbitraries.oneOf(
                        Arbitraries.strings()
                                .withCharRange(' ', '\uD7FF')
                                .ofMaxLength(30)
                                .injectNull(0.2),
                        Arbitraries.just(MessageBytes.UNCHANGED))
                .list()
                .ofMinSize(0)
                .ofMaxSize(40);
    }

    @Property(tries = 1000)
    void randomBytesAreDecodedOrRefused(@ForAll byte[] bytes) throws Exception {
        PgOutputDecoderTest test = new PgOutputDecoderTest();
        test.decode(MessageBytes.begin(), teams());
        try {
            test.decoder.decode(ByteBuffer.wrap(bytes));
        } catch (PgOutputException e) {
            assertThat(e).hasMessageStartingWith("A message of pgoutput");
        }
    }
}
