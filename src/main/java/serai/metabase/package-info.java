/**
 * Access to one Metabase: its address, and how requests to its API are authenticated. Imports use it, and whatever else
 * calls the API.
 *
 * <p>It stands on Camel's HTTP component and on {@code serai.warehouse}, which keeps the wait after a refused login.
 * Start reading at {@link serai.metabase.MetabaseClient}.
 */
package serai.metabase;
