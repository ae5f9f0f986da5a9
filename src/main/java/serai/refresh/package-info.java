/**
 * Turns what landed into the star schema. Models and seeds, the files of {@code sql}, are parsed, checked by PostgreSQL
 * and ordered in a {@link serai.refresh.ModelGraph}; a {@link serai.refresh.RefreshRun} goes through it, and a
 * {@link serai.refresh.Materialization} for the kind of each model writes what changed. The words are dbt's where dbt
 * has one.
 *
 * <p>It stands on {@code serai.warehouse} and {@code serai.edits}. Start reading at {@link serai.refresh.Refresh}.
 */
package serai.refresh;
