package serai.load;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.SQLException;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.component.file.FileComponent;
import org.apache.camel.component.file.GenericFile;
import org.apache.commons.codec.digest.DigestUtils;
import serai.warehouse.Relation;
import serai.warehouse.Transaction;

/**
 * The file that a message of the file component is. Its content is known by a hash, so that a file which comes again,
 * also by another name, is not loaded again.
 */
final class MessageFile {

    private final Path path;
    private final String name;
    private final long bytes;
    private final FileTime modified;
    private final String hash;

    private MessageFile(Path path, String name) throws IOException {
        this.path = path;
        this.name = name;
        this.bytes = Files.size(path);
        this.modified = Files.getLastModifiedTime(path);
        try (InputStream in = Files.newInputStream(path)) {
            this.hash = DigestUtils.sha256Hex(in);
        }
    }

    /**
     * The file of a message.
     *
     * @return empty when the message is no file of this machine, or a part of one
     * @throws ReportHeldException when the file is larger than {@code mostBytes}
     */
    static Optional<MessageFile> of(Exchange exchange, long mostBytes) throws IOException, ReportHeldException {
        GenericFile<?> file = exchange.getProperty(FileComponent.FILE_EXCHANGE_FILE, GenericFile.class);
        if (file == null
                || !(file.getFile() instanceof File local)
                || exchange.getProperty(Exchange.SPLIT_INDEX) != null) {
            return Optional.empty();
        }
        if (local.length() > mostBytes) {
            throw new ReportHeldException(
                    "The file has " + local.length() + " bytes, more than load.max-bytes (" + mostBytes + ") allows.");
        }
        return Optional.of(new MessageFile(local.toPath(), file.getFileNameOnly()));
    }

    String name() {
        return name;
    }

    /**
     * When and as which file this content was loaded by a step, in a phrase; empty when it was not.
     *
     * @param step the id of the step's own route
     */
    Optional<String> loadedBefore(Transaction tx, String step, Relation target) throws SQLException {
        return tx.sql()
                .first(
                        "select file, loaded_at from meta.loaded_files where step = ? and target = ? and sha256 = ?",
                        row -> "at " + row.instant("loaded_at") + " as " + row.text("file"),
                        step,
                        target.toString(),
                        hash);
    }

    /** Records the content as loaded, with the rows. */
    void record(Transaction tx, String source, String step, Relation target) throws SQLException {
        tx.sql()
                .update(
                        "insert into meta.loaded_files (source, step, target, sha256, file, bytes, run_id)"
                                + " values (?, ?, ?, ?, ?, ?, ?)",
                        source,
                        step,
                        target.toString(),
                        hash,
                        name,
                        bytes,
                        tx.runId());
    }

    /** @throws ReportHeldException when somebody wrote into the file while it was read */
    void requireUnchanged() throws IOException, ReportHeldException {
        if (Files.size(path) != bytes || !Files.getLastModifiedTime(path).equals(modified)) {
            throw new ReportHeldException("The file was written to while it was read. Write it under another name,"
                    + " and rename it when it is complete.");
        }
    }
}
