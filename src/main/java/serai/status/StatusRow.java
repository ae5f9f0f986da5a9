package serai.status;

import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import serai.warehouse.Row;

/**
 * One row of the page: a source, a model, a rule or anything else that has a state. Every room publishes rows of this
 * form. Values that a row does not have are null.
 *
 * @param name unique within its section
 * @param kind the kind within the section, such as a kamelet's name or {@code recalc}
 * @param reason why the condition is not OK, in a sentence
 * @param error the error of the last attempt, as its system gave it
 * @param cause the row that this one waits for, as {@code section/name}; null when the fault is its own
 * @param dataAsOf the newest event time in the data
 * @param completeTo up to when the data is known to be complete
 * @param loadedAt the last commit of rows
 * @param checkedAt when it was last looked at, with or without new rows
 * @param schedule when it should run; null without a timer
 * @param dueBy when it should have been checked again
 * @param since when the present condition began
 * @param attempt failed attempts since the last success
 * @param nextTry when it is tried again, outside its schedule
 * @param paused who switched it off, why and since when
 * @param reads what it is calculated from
 * @param actions the commands that may be of use now, such as {@code load now web-sessions}
 * @param figures further values by name: a {@code Long}, {@code String}, {@code Instant}, {@code Duration}, or a map
 */
public record StatusRow(
        String name,
        String kind,
        Condition condition,
        String reason,
        String error,
        String cause,
        Instant dataAsOf,
        Instant completeTo,
        Instant loadedAt,
        Instant checkedAt,
        Schedule schedule,
        Instant dueBy,
        Instant since,
        Long attempt,
        Instant nextTry,
        Paused paused,
        List<String> reads,
        List<String> actions,
        Map<String, Object> figures) {

    /** Who switched something off. */
    public record Paused(String by, String why, Instant since) {

        /** Reads the columns {@code paused_by}, {@code why} and {@code paused_since}; null when nothing is paused. */
        public static Paused read(Row row) throws SQLException {
            Instant since = row.instant("paused_since");
            return since == null ? null : new Paused(row.text("paused_by"), row.text("why"), since);
        }

        /** Who, when and why, in a sentence. */
        public String sentence(Instant now) {
            return "Paused by " + by + " since " + HumanText.clock(since, now) + " UTC"
                    + (why == null || why.isBlank() ? "." : ": " + why + (why.endsWith(".") ? "" : "."));
        }
    }

    /** Collects the values of a row. */
    public static Builder of(String name, String kind) {
        return new Builder(name, kind);
    }

    /** A figure, or null; {@code a.b} is the value {@code b} of the map {@code a}. */
    public Object figure(String path) {
        Object value = figures;
        for (String key : path.split("\\.")) {
            value = value instanceof Map<?, ?> map ? map.get(key) : null;
        }
        return value;
    }

    /** The values of a row, of which most are optional. */
    public static final class Builder {

        private final String name;
        private final String kind;
        private Condition condition = Condition.OK;
        private final List<String> reasons = new ArrayList<>();
        private String error;
        private String cause;
        private Instant dataAsOf;
        private Instant completeTo;
        private Instant loadedAt;
        private Instant checkedAt;
        private Schedule schedule;
        private Instant dueBy;
        private Instant since;
        private Long attempt;
        private Instant nextTry;
        private Paused paused;
        private List<String> reads = List.of();
        private List<String> actions = List.of();
        private final Map<String, Object> figures = new LinkedHashMap<>();

        private Builder(String name, String kind) {
            this.name = name;
            this.kind = kind;
        }

        /**
         * Makes the row at least as bad as this, for a reason. The worst finding is named first.
         *
         * @param sentence null when there is nothing to say
         * @param began when this began, or null
         */
        public Builder finding(Condition found, String sentence, Instant began) {
            boolean worst = found.ordinal() > condition.ordinal();
            if (sentence != null) {
                reasons.add(worst ? 0 : reasons.size(), sentence);
            }
            if (worst) {
                condition = found;
                since = began;
            }
            return this;
        }

        /** The error of the last attempt. */
        public Builder error(String text) {
            error = text;
            return this;
        }

        /** The row that this one waits for. */
        public Builder cause(String section, String row) {
            cause = row == null ? null : section + "/" + row;
            return this;
        }

        /** The newest event time in the data. */
        public Builder dataAsOf(Instant time) {
            dataAsOf = time;
            return this;
        }

        /** Up to when the data is complete. */
        public Builder completeTo(Instant time) {
            completeTo = time;
            return this;
        }

        /** The last commit of rows. */
        public Builder loadedAt(Instant time) {
            loadedAt = time;
            return this;
        }

        /** When it was last looked at. */
        public Builder checkedAt(Instant time) {
            checkedAt = time;
            return this;
        }

        /** When it should run, and by when it is due. */
        public Builder schedule(Schedule times, Instant due) {
            schedule = times;
            dueBy = due;
            return this;
        }

        /** Failed attempts since the last success, and when the next follows. */
        public Builder attempt(Long number, Instant next) {
            attempt = number;
            nextTry = next;
            return this;
        }

        /** It is switched off: whatever else was found counts no more. */
        public Builder paused(Paused by, String sentence) {
            paused = by;
            condition = Condition.PAUSED;
            since = by.since();
            reasons.add(0, sentence);
            return this;
        }

        /** What it is calculated from. */
        public Builder reads(List<String> names) {
            reads = List.copyOf(names);
            return this;
        }

        /** Commands that may be of use. */
        public Builder actions(String... commands) {
            actions = List.of(commands);
            return this;
        }

        /** A further value. */
        public Builder figure(String key, Object value) {
            figures.put(key, value);
            return this;
        }

        /** The row. */
        public StatusRow build() {
            return new StatusRow(
                    name,
                    kind,
                    condition,
                    reasons.isEmpty() ? null : String.join(" ", reasons),
                    error,
                    cause,
                    dataAsOf,
                    completeTo,
                    loadedAt,
                    checkedAt,
                    schedule,
                    dueBy,
                    since,
                    attempt,
                    nextTry,
                    paused,
                    reads,
                    actions,
                    figures);
        }
    }
}
