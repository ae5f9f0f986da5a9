package serai.refresh;

import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import serai.edits.EditRefusedException;
import serai.settings.SettingType;

/** Reads {@code @window} and {@code @late} ({@code docs/reference/sql-convention.md, "Header"}). */
final class WindowHeader {

    private static final String NAME = "[a-z_][a-z0-9_]*";
    private static final String RELATION = "(?:" + NAME + "\\.)?" + NAME;
    private static final String AMOUNT = "([1-9][0-9]{0,4})(h|d|w|mo)";
    private static final Pattern WINDOW =
            Pattern.compile("(?:(" + NAME + ") )?by (hour|day|week|month) from (" + RELATION + ")\\.(" + NAME
                    + ")(?: zone (\\S+))?(?: keep " + AMOUNT + "( drop)?)?(?: ahead ([1-9][0-9]{0,3})d)?");
    private static final Pattern LOOKBACK = Pattern.compile("lookback ([1-9][0-9]{0,3})d");
    private static final Pattern REACH = Pattern.compile("reach " + AMOUNT);
    private static final Pattern KEYED =
            Pattern.compile("(" + RELATION + ")\\.(" + NAME + ") = (" + RELATION + ")\\.(" + NAME + ")");
    private static final Pattern RANGED = Pattern.compile("(" + RELATION + ") by (" + NAME + ")\\.\\.(" + NAME + ")");
    private static final Pattern WITHOUT = Pattern.compile("without (" + RELATION + ")");

    private final ModelHeader header;
    private final ModelKind kind;

    WindowHeader(ModelHeader header, ModelKind kind) {
        this.header = header;
        this.kind = kind;
    }

    /** The window, or null for a kind that has none. */
    ModelWindow window() throws EditRefusedException {
        if (!kind.isIncremental()) {
            if (header.value("window") != null) {
                throw header.refuse(
                        "window", kind.withArticle() + " has no window: remove @window, or use @kind recalc");
            }
            return null;
        }
        String window = header.required(
                "window", kind.withArticle() + " needs @window, such as: date_key by day from stg_logins.login_at");
        Matcher m = WINDOW.matcher(window.replaceAll("\\s+", " "));
        if (!m.matches() || m.group(1) == null && kind != ModelKind.UPSERT) {
            throw header.refuse(
                    "window",
                    "write: @window COLUMN by hour|day|week|month from RELATION.COLUMN [zone Europe/London]"
                            + " [keep 400d [drop]] [ahead 7d]");
        }
        if (m.group(8) != null && kind == ModelKind.ONCE) {
            throw header.refuse("window", "a once keeps what it wrote: remove 'drop'");
        }
        if (kind == ModelKind.UPSERT && (m.group(6) != null || m.group(9) != null)) {
            throw header.refuse(
                    "window", "an upsert has each key's present row, whatever its date: remove 'keep' and 'ahead'");
        }
        return new ModelWindow(
                m.group(1),
                WindowUnit.valueOf(m.group(2).toUpperCase(Locale.ROOT)),
                m.group(3),
                m.group(4),
                zone(m.group(5)),
                amount(m.group(6), m.group(7)),
                m.group(8) != null,
                m.group(9) == null ? 0 : Integer.parseInt(m.group(9)));
    }

    private static ModelWindow.Amount amount(String count, String unit) {
        if (count == null) {
            return null;
        }
        return new ModelWindow.Amount(
                Integer.parseInt(count),
                switch (unit) {
                    case "h" -> WindowUnit.HOUR;
                    case "w" -> WindowUnit.WEEK;
                    case "mo" -> WindowUnit.MONTH;
                    default -> WindowUnit.DAY;
                });
    }

    private ZoneId zone(String name) throws EditRefusedException {
        try {
            ZoneId zone = ZoneId.of(name == null ? "UTC" : name);
            return SettingType.region().parse(zone.getId());
        } catch (DateTimeException e) {
            throw header.refuse(
                    "window", "there is no zone '" + name + "': use one of the tz database, such as Europe/London");
        } catch (IllegalArgumentException e) {
            throw header.refuse("window", "the zone '" + name + "' " + e.getMessage());
        }
    }

    /** What is recalculated when rows arrive late. */
    Late late() throws EditRefusedException {
        String late = header.value("late");
        if (late == null) {
            return Late.DIRTY;
        }
        if (kind != ModelKind.RECALC && kind != ModelKind.UPSERT) {
            throw header.refuse("late", "only a recalc or an upsert has @late: remove it");
        }
        int lookbackDays = 0;
        ModelWindow.Amount reach = null;
        List<Late.Input> inputs = new ArrayList<>();
        for (String part : late.replaceAll("\\s+", " ").split(" ?, ?", -1)) {
            Matcher lookback = LOOKBACK.matcher(part);
            Matcher reaching = REACH.matcher(part);
            if (lookback.matches()) {
                lookbackDays = Integer.parseInt(lookback.group(1));
            } else if (reaching.matches()) {
                reach = amount(reaching.group(1), reaching.group(2));
            } else if (!part.equals("dirty")) {
                inputs.add(input(part));
            }
        }
        if (kind == ModelKind.UPSERT && (reach != null || inputs.stream().anyMatch(Late.Ranged.class::isInstance))) {
            throw header.refuse(
                    "late",
                    "the rows of an upsert are of no unit: write dirty, lookback 3d, REL.COL = INPUT.COL or"
                            + " without REL");
        }
        for (Late.Input input : inputs) {
            if (inputs.stream()
                            .filter(i -> i.relation().equals(input.relation()))
                            .count()
                    > 1) {
                throw header.refuse("late", "@late names " + input.relation() + " twice: keep one");
            }
        }
        return new Late(lookbackDays, reach, List.copyOf(inputs));
    }

    private Late.Input input(String part) throws EditRefusedException {
        Matcher keyed = KEYED.matcher(part);
        if (keyed.matches()) {
            return new Late.Keyed(keyed.group(1), keyed.group(2), keyed.group(3), keyed.group(4));
        }
        Matcher ranged = RANGED.matcher(part);
        if (ranged.matches()) {
            return new Late.Ranged(ranged.group(1), ranged.group(2), ranged.group(3));
        }
        Matcher without = WITHOUT.matcher(part);
        if (without.matches()) {
            return new Late.Without(without.group(1));
        }
        throw header.refuse(
                "late",
                "'" + part + "' is not known: write dirty, lookback 3d, reach 28d, REL.COL = INPUT.COL,"
                        + " REL by COL..COL or without REL, with commas between them");
    }
}
