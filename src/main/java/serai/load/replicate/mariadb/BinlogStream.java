package serai.load.replicate.mariadb;

import com.github.shyiko.mysql.binlog.BinaryLogClient;
import com.github.shyiko.mysql.binlog.event.Event;
import com.github.shyiko.mysql.binlog.event.EventData;
import com.github.shyiko.mysql.binlog.event.EventHeaderV4;
import com.github.shyiko.mysql.binlog.event.EventType;
import com.github.shyiko.mysql.binlog.event.MariadbGtidEventData;
import com.github.shyiko.mysql.binlog.event.QueryEventData;
import com.github.shyiko.mysql.binlog.event.RotateEventData;
import com.github.shyiko.mysql.binlog.event.TableMapEventData;
import com.github.shyiko.mysql.binlog.event.deserialization.EventDeserializer;
import com.github.shyiko.mysql.binlog.event.deserialization.EventHeaderV4Deserializer;
import com.github.shyiko.mysql.binlog.event.deserialization.NullEventDataDeserializer;
import java.io.IOException;
import java.io.Serializable;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Reads the binary log of a server, as a replica does. */
public final class BinlogStream {

    private static final long HEARTBEAT = TimeUnit.SECONDS.toMillis(2);

    private final BinaryLogClient client;
    private final BinlogHandler handler;
    private final Map<Integer, String> charsets;
    private final Map<Long, TableMapEventData> maps = new HashMap<>();
    private final Map<Long, BinlogTable> tables = new HashMap<>();
    private String file;
    private boolean open;
    /** Whether one event makes the transaction. */
    private boolean standalone;

    private String gtid;
    private volatile Exception failure;
    private volatile boolean closed;

    /**
     * @param client that knows the server's address and login, and nothing else
     * @param file where to begin
     * @param place in the file, in bytes; the begin of a transaction
     * @param charsets names of the server's character sets by the numbers of their collations
     */
    public BinlogStream(
            BinaryLogClient client, String file, long place, Map<Integer, String> charsets, BinlogHandler handler) {
        this.client = client;
        this.file = file;
        this.handler = handler;
        this.charsets = charsets;
        client.setBinlogFilename(file);
        client.setBinlogPosition(place);
        client.setKeepAlive(false);
        client.setHeartbeatInterval(HEARTBEAT);
        client.setEventDeserializer(deserializer());
        client.registerEventListener(this::take);
        client.registerLifecycleListener(new BinaryLogClient.AbstractLifecycleListener() {
            @Override
            public void onCommunicationFailure(BinaryLogClient lost, Exception e) {
                fail(e);
            }

            @Override
            public void onEventDeserializationFailure(BinaryLogClient at, Exception e) {
                fail(e);
            }
        });
    }

    private EventDeserializer deserializer() {
        EventDeserializer events = new EventDeserializer(
                new EventHeaderV4Deserializer(), new NullEventDataDeserializer(), new HashMap<>(), maps);
        EventDeserializer known = new EventDeserializer();
        for (EventType type :
                List.of(EventType.FORMAT_DESCRIPTION, EventType.ROTATE, EventType.QUERY, EventType.MARIADB_GTID)) {
            events.setEventDataDeserializer(type, known.getEventDataDeserializer(type));
        }
        events.setEventDataDeserializer(EventType.TABLE_MAP, known.getEventDataDeserializer(EventType.TABLE_MAP));
        rows(events, RowsEvent.Kind.INSERT, EventType.WRITE_ROWS, EventType.EXT_WRITE_ROWS);
        rows(events, RowsEvent.Kind.UPDATE, EventType.UPDATE_ROWS, EventType.EXT_UPDATE_ROWS);
        rows(events, RowsEvent.Kind.DELETE, EventType.DELETE_ROWS, EventType.EXT_DELETE_ROWS);
        return events;
    }

    private void rows(EventDeserializer events, RowsEvent.Kind kind, EventType type, EventType extended) {
        events.setEventDataDeserializer(type, new RowDecoder(kind, false, maps));
        events.setEventDataDeserializer(extended, new RowDecoder(kind, true, maps));
    }

    /**
     * Reads until it is closed.
     *
     * @throws Exception what has ended it
     */
    public void run() throws Exception {
        client.connect();
        if (failure != null) {
            throw failure;
        }
        if (!closed) {
            throw new IOException("The server has ended the stream of its log.");
        }
    }

    /** Ends the reading. */
    public void close() throws IOException {
        closed = true;
        client.disconnect();
    }

    private void fail(Exception e) {
        if (failure == null && !closed) {
            failure = e;
        }
        disconnect();
    }

    private void disconnect() {
        try {
            client.disconnect();
        } catch (IOException e) {
            // it is gone
        }
    }

    private void take(Event event) {
        if (failure != null || closed) {
            return;
        }
        try {
            take(event.getHeader(), event.getData());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            fail(e);
        } catch (Exception e) {
            fail(e);
        }
    }

    private void take(EventHeaderV4 header, EventData data) throws Exception {
        switch (header.getEventType()) {
            case ROTATE -> file = ((RotateEventData) data).getBinlogFilename();
            case HEARTBEAT -> idle(header.getNextPosition());
            case MARIADB_GTID -> begin(header, (MariadbGtidEventData) data);
            case TABLE_MAP -> {
                TableMapEventData map = (TableMapEventData) data;
                if (!tables.containsKey(map.getTableId())) {
                    tables.put(map.getTableId(), BinlogTable.of(map, charsets));
                }
            }
            case WRITE_ROWS, UPDATE_ROWS, DELETE_ROWS, EXT_WRITE_ROWS, EXT_UPDATE_ROWS, EXT_DELETE_ROWS ->
                rows((RowsEvent) data);
            case QUERY -> query(header, (QueryEventData) data);
            case XID -> end(BinlogHandler.End.COMMIT, header);
            case XA_PREPARE -> end(BinlogHandler.End.PREPARED, header);
            case EXECUTE_LOAD_QUERY -> handler.statement("", "LOAD DATA");
            case TRANSACTION_PAYLOAD, PARTIAL_UPDATE_ROWS_EVENT ->
                throw new BinlogException("The log has compressed transactions or partial rows, which are not read:"
                        + " switch off binlog_transaction_compression and partial JSON updates at the source.");
            case UNKNOWN -> unknown(header);
            default -> {
                // what servers tell each other
            }
        }
    }

    /** MariaDB's events with compressed rows have numbers of their own. */
    private static void unknown(EventHeaderV4 header) throws BinlogException {
        throw new BinlogException("The log has an event that is not known here (" + header.getDataLength()
                + " bytes). Is log_bin_compress on at the source? Switch it off.");
    }

    private void idle(long place) {
        if (!open && place > 0) {
            handler.idle(BinlogPosition.of(file, place));
        }
    }

    private void begin(EventHeaderV4 header, MariadbGtidEventData data) throws Exception {
        gtid = data.getDomainId() + "-" + header.getServerId() + "-" + data.getSequence();
        standalone = (data.getFlags() & MariadbGtidEventData.FL_STANDALONE) != 0;
        begin(header);
    }

    private void begin(EventHeaderV4 header) throws Exception {
        open = true;
        handler.begin(BinlogPosition.of(file, header.getPosition()), time(header));
    }

    private static Instant time(EventHeaderV4 header) {
        return Instant.ofEpochMilli(header.getTimestamp());
    }

    private void end(BinlogHandler.End end, EventHeaderV4 header) throws Exception {
        open = false;
        // each transaction describes its tables again, and the numbers begin anew when the server does
        tables.clear();
        maps.clear();
        handler.end(end, BinlogPosition.of(file, header.getNextPosition()), time(header), gtid);
        gtid = null;
        standalone = false;
    }

    private void query(EventHeaderV4 header, QueryEventData data) throws Exception {
        String sql = data.getSql().strip();
        if (sql.equalsIgnoreCase("BEGIN")) {
            if (!open) {
                begin(header);
            }
        } else if (sql.equalsIgnoreCase("COMMIT")) {
            end(BinlogHandler.End.COMMIT, header);
        } else if (sql.equalsIgnoreCase("ROLLBACK")) {
            end(BinlogHandler.End.ROLLBACK, header);
        } else if (open && !standalone) {
            handler.statement(data.getDatabase(), sql);
        } else {
            if (!open) {
                begin(header);
            }
            handler.statement(data.getDatabase(), sql);
            end(BinlogHandler.End.COMMIT, header);
        }
    }

    private void rows(RowsEvent event) throws Exception {
        BinlogTable table = tables.get(event.table());
        if (table == null) {
            throw new BinlogException("The log has rows of a table that it did not describe.");
        }
        if (!event.whole()) {
            throw new BinlogException("The log has parts of rows of " + table + ". Run at the source: set global"
                    + " binlog_row_image = 'FULL';");
        }
        List<Serializable[]> rows = event.rows();
        switch (event.kind()) {
            case INSERT -> {
                for (Serializable[] row : rows) {
                    handler.insert(table, row);
                }
            }
            case DELETE -> {
                for (Serializable[] row : rows) {
                    handler.delete(table, row);
                }
            }
            case UPDATE -> {
                for (int i = 0; i < rows.size(); i += 2) {
                    handler.update(table, rows.get(i), rows.get(i + 1));
                }
            }
        }
    }
}
