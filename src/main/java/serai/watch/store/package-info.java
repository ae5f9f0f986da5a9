/**
 * The alert store in the warehouse: {@link serai.watch.store.WarehouseAlertStore} reads and writes
 * {@code meta.silences}, {@code meta.pending_alerts}, {@code meta.notified} and {@code meta.firing}, and queues
 * messages in {@code meta.outbox}, inside the transaction that commits the runs. One class for each table; each reads
 * many rows at once and writes once before the commit. Uses {@code watch.alert} and the warehouse.
 */
package serai.watch.store;
