package serai.load.replicate.mariadb;

/**
 * Positions in the binary log as numbers that grow: the number of the file in the upper half, the place in it in the
 * lower one.
 */
public final class BinlogPosition {

    private BinlogPosition() {}

    /**
     * @param file such as {@code mariadb-bin.000007}
     * @param place in bytes
     */
    public static long of(String file, long place) {
        return Long.parseLong(file.substring(file.lastIndexOf('.') + 1)) << 32 | place;
    }

    /** The place in the file, in bytes. */
    public static long place(long position) {
        return position & 0xffff_ffffL;
    }

    /** The number of the file. */
    public static long file(long position) {
        return position >>> 32;
    }

    /** @param base the name of the files without their numbers, such as {@code mariadb-bin} */
    public static String file(String base, long position) {
        return String.format("%s.%06d", base, file(position));
    }
}
