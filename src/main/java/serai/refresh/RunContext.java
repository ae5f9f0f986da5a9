package serai.refresh;

import java.time.Instant;
import serai.warehouse.Warehouse;

/**
 * One run through a catalog: what all its steps share.
 *
 * @param now the same for all of them
 * @param id the run's id in the ledger, 0 when no model asks for it
 */
record RunContext(Warehouse warehouse, Catalog catalog, RefreshSettings settings, Instant now, long id) {}
