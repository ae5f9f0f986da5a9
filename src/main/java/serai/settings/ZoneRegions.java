package serai.settings;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Stream;

/** The regions of the tz database, such as Europe/London. */
final class ZoneRegions {

    private static final List<String> COMMON_REGIONS = List.of(
            "America/New_York",
            "America/Chicago",
            "America/Denver",
            "America/Los_Angeles",
            "America/Sao_Paulo",
            "Europe/London",
            "Europe/Berlin",
            "Europe/Athens",
            "Europe/Istanbul",
            "Asia/Dubai",
            "Asia/Kolkata",
            "Asia/Shanghai",
            "Asia/Tokyo",
            "Australia/Sydney",
            "Pacific/Auckland");

    private ZoneRegions() {}

    static boolean isOne(String zone) {
        return ZoneId.getAvailableZoneIds().contains(zone);
    }

    /** A region that has an offset as its standard time. */
    static String nearest(ZoneOffset offset) {
        return Stream.concat(
                        COMMON_REGIONS.stream(),
                        ZoneId.getAvailableZoneIds().stream().sorted())
                .filter(id -> id.contains("/"))
                .filter(id -> ZoneId.of(id)
                        .getRules()
                        .getStandardOffset(Instant.now())
                        .equals(offset))
                .findFirst()
                .orElse("Europe/London");
    }
}
