/**
 * Imports of Metabase's questions: the request for the CSV of a question, the check of the reply, and what Metabase
 * does in its own way, such as an error in place of rows. The import itself is {@code serai.load}.
 *
 * <p>It stands on {@code serai.load} and on {@code serai.metabase}, which logs in. Start reading at
 * {@link serai.load.metabase.MetabaseReport}, the bean of the kamelet {@code metabase-report}. What Metabase replies in
 * which version: docs/reference/metabase.md.
 */
package serai.load.metabase;
