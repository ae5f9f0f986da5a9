/**
 * What the page, {@code /status.json}, the metrics and the notices to operators say, in one form. Each room publishes
 * its rows as a {@link serai.status.StatusSection}; {@link serai.status.StatusReader} reads them all in one snapshot of
 * {@code meta.*}. Readers know no room, so a new kind of row needs no change of theirs. Stands on
 * {@code serai.warehouse} and {@code serai.settings}.
 */
package serai.status;
