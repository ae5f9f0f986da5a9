package serai.demo;

import java.time.LocalDate;
import java.util.Map;

/**
 * A part of a property's data.
 *
 * @param date in the property's zone
 * @param dimensions values by Google's names; those that are left out are {@code (not set)}
 * @param metrics amounts by Google's names
 */
public record Ga4Row(LocalDate date, Map<String, String> dimensions, Map<String, ? extends Number> metrics) {}
