/**
 * Imports: brings in what other systems hold. A run replaces the rows of a window of days by those of a report, in one
 * transaction, or keeps the old rows and records why. This package has what all sources share: the schedule, the run
 * with its window and its row of {@code meta.runs}, reading CSV into COPY, guards and rejects. Each kind of source is a
 * package below this one: it fetches a report and implements {@link serai.load.ReportCheck}.
 *
 * <p>Rows that come in messages, such as files, are merged by their key: {@link serai.load.UpsertRows}.
 *
 * <p>It stands on {@code serai.warehouse}, Camel's Quartz. Start reading at {@link serai.load.Imports}, with which a
 * run begins, and {@link serai.load.ReplaceWindow}, which loads its report.
 */
package serai.load;
