package serai.load.replicate.pgoutput;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads messages of {@code pgoutput}, protocol version 1, in text mode, and hands them on. It knows the tables that it
 * was told of, so a new connection needs a new decoder.
 */
public final class PgOutputDecoder {

    private final ChangeHandler handler;
    private final Map<Integer, SourceRelation> relations = new HashMap<>();
    private final RowImage row = new RowImage();
    private final RowImage old = new RowImage();
    private boolean open;

    private byte[] bytes;
    private int at;
    private int end;
    private char type;

    /** @param handler of what the messages say */
    public PgOutputDecoder(ChangeHandler handler) {
        this.handler = handler;
    }

    /**
     * Decodes one message.
     *
     * @param message with an array; its values stay slices of it while the handler works
     * @throws PgOutputException when it is not of the protocol
     */
    public void decode(ByteBuffer message) throws SQLException, InterruptedException {
        bytes = message.array();
        at = message.arrayOffset() + message.position();
        end = at + message.remaining();
        type = '?';
        type = (char) readByte();
        switch (type) {
            case 'B' -> begin();
            case 'C' -> commit();
            case 'R' -> relation();
            case 'I' -> insert();
            case 'U' -> update();
            case 'D' -> delete();
            case 'T' -> truncate();
            case 'M' -> message();
            case 'O' -> origin();
            case 'Y' -> type();
            default -> throw wrong("is of an unknown type");
        }
    }

    private void begin() throws SQLException, InterruptedException {
        long lsn = readLong();
        long micros = readLong();
        int xid = readInt();
        requireEnd();
        if (open) {
            throw wrong("begins a transaction inside another one");
        }
        open = true;
        handler.begin(lsn, micros, xid);
    }

    private void commit() throws SQLException, InterruptedException {
        if (readByte() != 0) {
            throw wrong("has unknown flags");
        }
        readLong();
        long lsn = readLong();
        long micros = readLong();
        requireEnd();
        requireOpen();
        open = false;
        handler.commit(lsn, micros);
    }

    private void relation() throws SQLException, InterruptedException {
        int id = readInt();
        String schema = readText();
        String name = readText();
        char identity = (char) readByte();
        if ("dnfi".indexOf(identity) < 0) {
            throw wrong("has an unknown replica identity");
        }
        int count = readShort();
        List<SourceRelation.Column> columns = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int flags = readByte();
            if ((flags & ~1) != 0) {
                throw wrong("has unknown flags of a column");
            }
            columns.add(new SourceRelation.Column(readText(), flags == 1, readInt(), readInt()));
        }
        requireEnd();
        SourceRelation relation =
                new SourceRelation(id, schema.isEmpty() ? "pg_catalog" : schema, name, identity, List.copyOf(columns));
        relations.put(id, relation);
        handler.relation(relation);
    }

    private void insert() throws SQLException, InterruptedException {
        SourceRelation relation = readRelation();
        if (readByte() != 'N') {
            throw wrong("has no new row");
        }
        readRow(relation, row);
        requireEnd();
        handler.insert(relation, row);
    }

    private void update() throws SQLException, InterruptedException {
        SourceRelation relation = readRelation();
        char kind = (char) readByte();
        if (kind == 'K' || kind == 'O') {
            readRow(relation, old);
            if (readByte() != 'N') {
                throw wrong("has no new row");
            }
        } else if (kind != 'N') {
            throw wrong("has no new row");
        }
        readRow(relation, row);
        requireEnd();
        handler.update(relation, kind == 'N' ? null : old, kind == 'O', row);
    }

    private void delete() throws SQLException, InterruptedException {
        SourceRelation relation = readRelation();
        char kind = (char) readByte();
        if (kind != 'K' && kind != 'O') {
            throw wrong("has no old row");
        }
        readRow(relation, old);
        requireEnd();
        handler.delete(relation, old, kind == 'O');
    }

    private void truncate() throws SQLException, InterruptedException {
        requireOpen();
        int count = readInt();
        if ((readByte() & ~3) != 0) {
            throw wrong("has unknown flags");
        }
        if (count < 1 || count > (end - at) / 4) {
            throw wrong("has a wrong number of tables");
        }
        List<SourceRelation> truncated = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            truncated.add(known(readInt()));
        }
        requireEnd();
        handler.truncate(truncated);
    }

    private void message() throws SQLException, InterruptedException {
        if ((readByte() & ~1) != 0) {
            throw wrong("has unknown flags");
        }
        readLong();
        String prefix = readText();
        skip(readInt());
        requireEnd();
        handler.message(prefix);
    }

    /** From where a change first came: not needed to apply it. */
    private void origin() {
        readLong();
        readText();
        requireEnd();
    }

    /** The name of a type: values are texts, and types are read from the catalog. */
    private void type() {
        readInt();
        readText();
        readText();
        requireEnd();
    }

    private SourceRelation readRelation() {
        requireOpen();
        return known(readInt());
    }

    private SourceRelation known(int id) {
        SourceRelation relation = relations.get(id);
        if (relation == null) {
            throw wrong("is of a table that was not described");
        }
        return relation;
    }

    private void readRow(SourceRelation relation, RowImage image) {
        int count = readShort();
        if (count != relation.columns().size()) {
            throw wrong("has " + count + " values for the " + relation.columns().size() + " columns of " + relation);
        }
        image.start(bytes);
        for (int i = 0; i < count; i++) {
            byte kind = (byte) readByte();
            if (kind == RowImage.TEXT) {
                int length = readInt();
                image.add(kind, at, length);
                skip(length);
            } else if (kind == RowImage.NULL || kind == RowImage.UNCHANGED) {
                image.add(kind, at, 0);
            } else {
                throw wrong("has a value of an unknown kind");
            }
        }
    }

    private void requireOpen() {
        if (!open) {
            throw wrong("stands outside a transaction");
        }
    }

    private void requireEnd() {
        if (at != end) {
            throw wrong("has " + (end - at) + " bytes too many");
        }
    }

    private void require(int count) {
        if (count < 0 || count > end - at) {
            throw wrong("is cut off");
        }
    }

    private void skip(int count) {
        require(count);
        at += count;
    }

    private int readByte() {
        require(1);
        return bytes[at++] & 0xff;
    }

    private int readShort() {
        return readByte() << 8 | readByte();
    }

    private int readInt() {
        require(4);
        int value = ByteBuffer.wrap(bytes, at, 4).getInt();
        at += 4;
        return value;
    }

    private long readLong() {
        require(8);
        long value = ByteBuffer.wrap(bytes, at, 8).getLong();
        at += 8;
        return value;
    }

    private String readText() {
        int from = at;
        while (readByte() != 0) {
            // to the end of the text
        }
        return new String(bytes, from, at - 1 - from, StandardCharsets.UTF_8);
    }

    private PgOutputException wrong(String what) {
        return new PgOutputException("A message of pgoutput, type '" + type + "', " + what + ".");
    }
}
