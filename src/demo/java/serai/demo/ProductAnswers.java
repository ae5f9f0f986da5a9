package serai.demo;

import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** The right answers about the product's database at the moment, counted from what happened; nothing is read back. */
public final class ProductAnswers {

    private final Map<String, Long> rows = new TreeMap<>();
    private final Map<LocalDate, Map<String, Integer>> activity = new TreeMap<>();
    private final Map<LocalDate, Long> meetings = new TreeMap<>();
    private final Map<String, Long> revenueAMonth = new TreeMap<>();
    private final Map<String, Long> paid = new TreeMap<>();
    private long words;
    private long shares;
    private long accepted;
    private long opens;

    ProductAnswers() {
        ProductRows.TABLES.forEach(table -> rows.put(table, 0L));
    }

    /** Table to its rows. */
    public synchronized Map<String, Long> rows() {
        return new TreeMap<>(rows);
    }

    /** Day in UTC to users who held a meeting or wrote a note that is still there. */
    public synchronized Map<LocalDate, Long> activeUsersPerDay() {
        Map<LocalDate, Long> answer = new TreeMap<>();
        activity.forEach((day, users) -> answer.put(day, (long) users.size()));
        return answer;
    }

    /** Day in UTC to meetings that are still there. */
    public synchronized Map<LocalDate, Long> meetingsPerDay() {
        return new TreeMap<>(meetings);
    }

    /** Currency to the monthly revenue of active subscriptions, in its smallest unit. */
    public synchronized Map<String, Long> monthlyRecurringRevenue() {
        return new TreeMap<>(revenueAMonth);
    }

    /** Currency to what was paid and not refunded, in its smallest unit, of payments that are still there. */
    public synchronized Map<String, Long> paid() {
        return new TreeMap<>(paid);
    }

    /** Words of all notes. */
    public synchronized long words() {
        return words;
    }

    /** How often notes were shared. */
    public synchronized long shares() {
        return shares;
    }

    /** Invitations that were accepted. */
    public synchronized long acceptedInvitations() {
        return accepted;
    }

    /** How often e-mails were opened. */
    public synchronized long opens() {
        return opens;
    }

    synchronized void rows(String table, int more) {
        rows.merge(table, (long) more, Long::sum);
    }

    /** @param change 1, or -1 for what is removed */
    synchronized void active(LocalDate day, String user, int change) {
        Map<String, Integer> users = activity.computeIfAbsent(day, d -> new HashMap<>());
        users.merge(user, change, (a, b) -> a + b == 0 ? null : Integer.valueOf(a + b));
        if (users.isEmpty()) {
            activity.remove(day);
        }
    }

    /** @param change 1, or -1 for one that is removed */
    synchronized void meeting(LocalDate day, int change) {
        add(meetings, day, change);
    }

    synchronized void revenue(String currency, long more) {
        add(revenueAMonth, currency, more);
    }

    synchronized void paid(String currency, long more) {
        add(paid, currency, more);
    }

    private static <K> void add(Map<K, Long> to, K key, long more) {
        if (to.merge(key, more, Long::sum) == 0) {
            to.remove(key);
        }
    }

    synchronized void words(long more) {
        words += more;
    }

    synchronized void shares(long more) {
        shares += more;
    }

    synchronized void accepted(int more) {
        accepted += more;
    }

    synchronized void opens(int more) {
        opens += more;
    }
}
