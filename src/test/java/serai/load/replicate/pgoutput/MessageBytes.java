package serai.load.replicate.pgoutput;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Messages of pgoutput, made by hand. */
final class MessageBytes {

    /** Stands for a value that was not sent. */
    static final String UNCHANGED = "\0unchanged";

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final DataOutputStream out = new DataOutputStream(bytes);

    private interface Write {
        void to(DataOutputStream out) throws IOException;
    }

    private MessageBytes write(Write write) {
        try {
            write.to(out);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static MessageBytes of(char type) {
        return new MessageBytes().int8(type);
    }

    MessageBytes int8(int value) {
        return write(to -> to.writeByte(value));
    }

    MessageBytes int16(int value) {
        return write(to -> to.writeShort(value));
    }

    MessageBytes int32(int value) {
        return write(to -> to.writeInt(value));
    }

    MessageBytes int64(long value) {
        return write(to -> to.writeLong(value));
    }

    MessageBytes text(String text) {
        return write(to -> to.write((text + "\0").getBytes(StandardCharsets.UTF_8)));
    }

    /** A row; null for NULL. */
    MessageBytes row(char marker, List<String> values) {
        int8(marker).int16(values.size());
        for (String value : values) {
            if (value == null) {
                int8('n');
            } else if (value.equals(UNCHANGED)) {
                int8('u');
            } else {
                byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
                int8('t').int32(utf8.length).write(to -> to.write(utf8));
            }
        }
        return this;
    }

    static MessageBytes begin() {
        return of('B').int64(100).int64(7).int32(5);
    }

    static MessageBytes commit() {
        return of('C').int8(0).int64(100).int64(120).int64(7);
    }

    /** A table with its number, whose first column is the key. */
    static MessageBytes relation(int id, String name, List<String> columns) {
        MessageBytes message =
                of('R').int32(id).text("public").text(name).int8('d').int16(columns.size());
        for (int i = 0; i < columns.size(); i++) {
            message.int8(i == 0 ? 1 : 0).text(columns.get(i)).int32(25).int32(-1);
        }
        return message;
    }

    /** The message somewhere inside a larger array, as a driver hands it over. */
    ByteBuffer buffer() {
        byte[] message = bytes.toByteArray();
        byte[] larger = new byte[message.length + 8];
        System.arraycopy(message, 0, larger, 5, message.length);
        return ByteBuffer.wrap(larger, 5, message.length);
    }

    byte[] bytes() {
        return bytes.toByteArray();
    }
}
