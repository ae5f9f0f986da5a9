/**
 * Replication of a PostgreSQL database by its log: a first copy, then the changes of each committed transaction, in
 * order. Rows, position and marks of changed days are one transaction of the warehouse.
 *
 * <p>Start reading at {@link serai.load.replicate.ReplicationSession}.
 */
package serai.load.replicate;
