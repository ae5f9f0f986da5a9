package serai.load.replicate.mariadb;

import com.github.shyiko.mysql.binlog.event.TableMapEventData;
import com.github.shyiko.mysql.binlog.event.deserialization.AbstractRowsEventDataDeserializer;
import com.github.shyiko.mysql.binlog.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.Serializable;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;

/**
 * Decodes an event with rows. Numbers come as Java's, texts as bytes, and dates and times as PostgreSQL's texts, since
 * Java's types have neither all of MariaDB's values nor its lack of a zone.
 */
final class RowDecoder extends AbstractRowsEventDataDeserializer<RowsEvent> {

    private final RowsEvent.Kind kind;
    private final boolean hasExtra;

    /** @param hasExtra whether it is the second version of the event, with room for extensions */
    RowDecoder(RowsEvent.Kind kind, boolean hasExtra, Map<Long, TableMapEventData> tables) {
        super(tables);
        this.kind = kind;
        this.hasExtra = hasExtra;
    }

    @Override
    public RowsEvent deserialize(ByteArrayInputStream in) throws IOException {
        long table = in.readLong(6);
        in.skip(2);
        if (hasExtra) {
            in.skip(in.readInteger(2) - 2L);
        }
        int count = in.readPackedInteger();
        BitSet before = in.readBitSet(count, true);
        BitSet after = kind == RowsEvent.Kind.UPDATE ? in.readBitSet(count, true) : before;
        boolean whole = before.cardinality() == count && after.cardinality() == count;
        List<Serializable[]> rows = new ArrayList<>();
        while (whole && in.available() > 0) {
            rows.add(deserializeRow(table, before, in));
            if (kind == RowsEvent.Kind.UPDATE) {
                rows.add(deserializeRow(table, after, in));
            }
        }
        return new RowsEvent(kind, table, whole, rows);
    }

    @Override
    protected Serializable deserializeBit(int meta, ByteArrayInputStream in) throws IOException {
        int length = (meta >> 8) * 8 + (meta & 0xff);
        BitSet bits = in.readBitSet(length, false);
        StringBuilder text = new StringBuilder();
        for (int i = length - 1; i >= 0; i--) {
            text.append(bits.get(i) ? '1' : '0');
        }
        return text.toString();
    }

    @Override
    protected Serializable deserializeString(int length, ByteArrayInputStream in) throws IOException {
        return in.read(length < 256 ? in.readInteger(1) : in.readInteger(2));
    }

    @Override
    protected Serializable deserializeVarString(int meta, ByteArrayInputStream in) throws IOException {
        return in.read(meta < 256 ? in.readInteger(1) : in.readInteger(2));
    }

    @Override
    protected Serializable deserializeDate(ByteArrayInputStream in) throws IOException {
        int value = in.readInteger(3);
        return Texts.date(value >> 9, value >> 5 & 0xf, value & 0x1f);
    }

    @Override
    protected Serializable deserializeTime(ByteArrayInputStream in) throws IOException {
        // three bytes with a sign
        int value = in.readInteger(3) << 8 >> 8;
        int digits = Math.abs(value);
        return (value < 0 ? "-" : "") + Texts.time(digits / 10_000, digits / 100 % 100, digits % 100, 0);
    }

    @Override
    protected Serializable deserializeTimeV2(int meta, ByteArrayInputStream in) throws IOException {
        int bytes = (meta + 1) / 2;
        long packed = bigEndian(in, 3 + bytes) - (1L << 23 + 8 * bytes);
        long absolute = Math.abs(packed);
        long whole = absolute >>> 8 * bytes;
        int micros = micros((int) (absolute & (1L << 8 * bytes) - 1), bytes);
        return (packed < 0 ? "-" : "")
                + Texts.time((int) (whole >> 12 & 0x3ff), (int) (whole >> 6 & 0x3f), (int) (whole & 0x3f), micros);
    }

    @Override
    protected Serializable deserializeTimestamp(ByteArrayInputStream in) throws IOException {
        return timestamp(in.readLong(4), 0);
    }

    @Override
    protected Serializable deserializeTimestampV2(int meta, ByteArrayInputStream in) throws IOException {
        long seconds = bigEndian(in, 4);
        return timestamp(seconds, micros((int) bigEndian(in, (meta + 1) / 2), (meta + 1) / 2));
    }

    private static String timestamp(long seconds, int micros) {
        if (seconds == 0 && micros == 0) {
            // 0000-00-00 00:00:00
            return null;
        }
        LocalDateTime time = LocalDateTime.ofEpochSecond(seconds, 0, ZoneOffset.UTC);
        return time.toLocalDate() + " " + Texts.time(time.getHour(), time.getMinute(), time.getSecond(), micros)
                + "+00";
    }

    @Override
    protected Serializable deserializeDatetime(ByteArrayInputStream in) throws IOException {
        long value = in.readLong(8);
        long date = value / 1_000_000;
        int time = (int) (value % 1_000_000);
        return datetime(
                Texts.date((int) (date / 10_000), (int) (date / 100 % 100), (int) (date % 100)),
                Texts.time(time / 10_000, time / 100 % 100, time % 100, 0));
    }

    @Override
    protected Serializable deserializeDatetimeV2(int meta, ByteArrayInputStream in) throws IOException {
        long packed = bigEndian(in, 5) - (1L << 39);
        int bytes = (meta + 1) / 2;
        int micros = micros((int) bigEndian(in, bytes), bytes);
        int months = (int) (packed >> 22 & 0x1ffff);
        int time = (int) (packed & 0x1ffff);
        return datetime(
                Texts.date(months / 13, months % 13, (int) (packed >> 17 & 0x1f)),
                Texts.time(time >> 12, time >> 6 & 0x3f, time & 0x3f, micros));
    }

    @Override
    protected Serializable deserializeYear(ByteArrayInputStream in) throws IOException {
        int year = in.readInteger(1);
        return year == 0 ? 0 : 1900 + year;
    }

    private static String datetime(String date, String time) {
        return date == null ? null : date + " " + time;
    }

    private static long bigEndian(ByteArrayInputStream in, int bytes) throws IOException {
        long value = 0;
        for (int i = 0; i < bytes; i++) {
            value = value << 8 | in.read();
        }
        return value;
    }

    /** @param bytes in which a fraction is stored: hundredths, ten thousandths or millionths */
    private static int micros(int fraction, int bytes) {
        return switch (bytes) {
            case 1 -> fraction * 10_000;
            case 2 -> fraction * 100;
            default -> fraction;
        };
    }
}
