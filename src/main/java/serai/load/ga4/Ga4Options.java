package serai.load.ga4;

import java.time.ZoneId;

/**
 * What a route asks for, and within which bounds.
 *
 * @param source the route's id
 * @param property number of the property
 * @param zone the property's time zone, as the route has it
 * @param maxTokens of Google's quota that a run may cost
 * @param quotaFloor share of each quota that is left to others, in per cent
 */
record Ga4Options(
        String source,
        String property,
        Ga4Query query,
        Ga4Period period,
        ZoneId zone,
        Ga4Acceptance acceptance,
        long maxTokens,
        double quotaFloor) {}
