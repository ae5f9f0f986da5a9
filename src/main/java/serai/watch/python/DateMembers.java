package serai.watch.python;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.Month;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The numbers of a date in the order of its text. Which of them is the year, the month and the day is decided as
 * dateutil does it: a number of more than two digits or above 31 is the year, a name is the month; of what remains, the
 * month comes before the day.
 */
final class DateMembers {

    /** What a number is known to be. */
    enum Member {
        YEAR,
        MONTH,
        DAY
    }

    private static final int DAYS = 31;
    private static final int MONTHS = 12;
    private static final int LEAP_YEAR = 2000;

    private final List<Integer> values = new ArrayList<>();
    private final List<Member> known = new ArrayList<>();
    private boolean century;

    int size() {
        return values.size();
    }

    /** Adds a number as it is written. */
    void add(String digits) {
        boolean year = digits.length() > 2 && digits.chars().allMatch(c -> DateTokens.isDigit((char) c));
        add(DateutilParser.integer(digits), year);
    }

    /** Adds a number whose digits do not count. */
    void add(int value) {
        add(value, value > 100);
    }

    private void add(int value, boolean year) {
        century |= year;
        put(value, year ? Member.YEAR : null);
    }

    void addMonth(int month) {
        put(month, Member.MONTH);
    }

    /** Adds a year of four digits. */
    void addYear(int year) {
        century = true;
        put(year, Member.YEAR);
    }

    private void put(int value, Member member) {
        if (member != null && known.contains(member)) {
            throw new DateTimeException("two numbers are the " + member);
        }
        values.add(value);
        known.add(member);
    }

    boolean couldBeDay(int value) {
        if (known.contains(Member.DAY)) {
            return false;
        }
        int month = known.indexOf(Member.MONTH);
        int year = known.indexOf(Member.YEAR);
        int days = month < 0
                ? DAYS
                : year < 0
                        ? Month.of(values.get(month)).length(true)
                        : YearMonth.of(values.get(year), values.get(month)).lengthOfMonth();
        return value >= 1 && value <= days;
    }

    /** @throws DateTimeException when year, month and day are not all there, or are no date */
    LocalDate date(int currentYear) {
        if (values.size() != Member.values().length) {
            throw new DateTimeException("not a whole date");
        }
        List<Member> order = order();
        int year = values.get(order.indexOf(Member.YEAR));
        return LocalDate.of(
                inRange(century ? year : DateutilParser.year(year, currentYear)),
                values.get(order.indexOf(Member.MONTH)),
                values.get(order.indexOf(Member.DAY)));
    }

    private static int inRange(int year) {
        if (year < 1 || year > 9_999) {
            throw new DateTimeException("the year is out of range");
        }
        return year;
    }

    private List<Member> order() {
        Set<Member> names = Set.copyOf(known.stream().filter(m -> m != null).toList());
        if (names.size() >= 2) {
            return known.stream().map(m -> m == null ? other(names) : m).toList();
        }
        int month = known.indexOf(Member.MONTH);
        return switch (month) {
            case 0 ->
                above(1)
                        ? List.of(Member.MONTH, Member.YEAR, Member.DAY)
                        : List.of(Member.MONTH, Member.DAY, Member.YEAR);
            case 1 ->
                above(0)
                        ? List.of(Member.YEAR, Member.MONTH, Member.DAY)
                        : List.of(Member.DAY, Member.MONTH, Member.YEAR);
            case 2 ->
                above(1)
                        ? List.of(Member.DAY, Member.YEAR, Member.MONTH)
                        : List.of(Member.YEAR, Member.DAY, Member.MONTH);
            default -> numeric();
        };
    }

    private List<Member> numeric() {
        if (above(0) || known.get(0) == Member.YEAR) {
            return List.of(Member.YEAR, Member.MONTH, Member.DAY);
        }
        return values.get(0) > MONTHS
                ? List.of(Member.DAY, Member.MONTH, Member.YEAR)
                : List.of(Member.MONTH, Member.DAY, Member.YEAR);
    }

    private static Member other(Set<Member> names) {
        for (Member member : Member.values()) {
            if (!names.contains(member)) {
                return member;
            }
        }
        throw new IllegalStateException("all members are known");
    }

    private boolean above(int index) {
        return values.get(index) > DAYS;
    }
}
