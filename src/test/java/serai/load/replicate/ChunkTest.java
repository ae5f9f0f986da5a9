package serai.load.replicate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import serai.load.replicate.mapping.PlainPlans;
import serai.load.replicate.mapping.SourceColumn;
import serai.load.replicate.mapping.SourceTable;
import serai.load.replicate.pgoutput.RowImage;
import serai.warehouse.Relation;

class ChunkTest {

    private static final int FULL = 20_000;

    private final ReplicatedTable table = table();
    private final Chunk chunk = new Chunk();

    private static ReplicatedTable table() {
        SourceTable source = new SourceTable("public", "t", List.of(new SourceColumn("id", "text")), List.of("id"));
        return new ReplicatedTable(source, PlainPlans.plan(source).orElseThrow(), Relation.of("app.t"));
    }

    private void put(int changes) {
        RowImage row = new RowImage();
        for (int i = 0; i < changes; i++) {
            byte[] key = String.valueOf(i).getBytes(StandardCharsets.UTF_8);
            row.start(key);
            row.add(RowImage.TEXT, 0, key.length);
            chunk.put(table, TableChanges.UPSERT, row);
        }
    }

    @Test
    void aTransactionIsNotDividedForOthersBeforeIt() {
        chunk.reopen(1);
        put(FULL - 5);
        chunk.commit(7, Instant.EPOCH);
        assertThat(chunk.isFull()).isFalse();
        chunk.reopen(2);
        put(10);
        assertThat(chunk.isFull()).isTrue();
        assertThat(chunk.isFullOfOne()).isFalse();
    }

    @Test
    void aTransactionThatFillsAChunkAloneIsDivided() {
        chunk.reopen(1);
        put(10);
        chunk.commit(7, Instant.EPOCH);
        chunk.reopen(2);
        put(FULL - 1);
        assertThat(chunk.isFullOfOne()).isFalse();
        put(1);
        assertThat(chunk.isFullOfOne()).isTrue();
    }

    @Test
    void aLaterPartOfATransactionIsDividedToo() {
        put(FULL);
        assertThat(chunk.isFullOfOne()).isTrue();
    }
}
