package serai.refresh;

import java.time.Duration;

/**
 * The settings of this room.
 *
 * @param maxDays days that a model recalculates in one run at most; the rest waits for the next
 * @param lockTimeout how long a table may wait for its readers before it is put in place
 * @param maxTime how long a tick goes on with days that wait
 */
record RefreshSettings(int maxDays, Duration lockTimeout, Duration maxTime) {}
