package serai.load;

import java.time.Duration;
import serai.spool.TemporaryFolder;

/**
 * What all imports share.
 *
 * @param spool where reports are kept until they are in the warehouse
 * @param held replies that were held and that an operator may accept
 * @param lockTimeout how long a load waits for a lock that another session holds
 */
record ImportLimits(TemporaryFolder spool, HeldReplies held, Duration lockTimeout) {}
