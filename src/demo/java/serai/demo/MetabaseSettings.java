package serai.demo;

import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * How a Metabase is configured.
 *
 * @param version the minor version: 49 to 60 and on
 * @param formattedByDefault the default of {@code format_rows}; true in 0.49
 * @param rowLimit rows of a download; the rest is left out without a sign
 * @param settledRows complete rows before a failure in the middle
 * @param bytesPerSecond of a {@link Failure#SLOW_DRIP}
 * @param zone the results time zone
 */
record MetabaseSettings(
        int version, boolean formattedByDefault, long rowLimit, int settledRows, int bytesPerSecond, ZoneId zone) {

    static final MetabaseSettings USUAL = new MetabaseSettings(55, true, 1_048_575, 2, 1000, ZoneOffset.UTC);

    MetabaseSettings withVersion(int other) {
        return new MetabaseSettings(other, formattedByDefault, rowLimit, settledRows, bytesPerSecond, zone);
    }

    MetabaseSettings withFormattedByDefault(boolean other) {
        return new MetabaseSettings(version, other, rowLimit, settledRows, bytesPerSecond, zone);
    }

    MetabaseSettings withRowLimit(long other) {
        return new MetabaseSettings(version, formattedByDefault, other, settledRows, bytesPerSecond, zone);
    }

    MetabaseSettings withSettledRows(int other) {
        return new MetabaseSettings(version, formattedByDefault, rowLimit, other, bytesPerSecond, zone);
    }

    MetabaseSettings withBytesPerSecond(int other) {
        return new MetabaseSettings(version, formattedByDefault, rowLimit, settledRows, other, zone);
    }

    MetabaseSettings withZone(ZoneId other) {
        return new MetabaseSettings(version, formattedByDefault, rowLimit, settledRows, bytesPerSecond, other);
    }
}
