/**
 * The warehouse: a PostgreSQL database, its connections and migrations, and the only way to write to it. A
 * {@link serai.warehouse.Writer} is the single writer of a source; inside
 * {@link serai.warehouse.Writer#commitWithState} the verbs of {@link serai.warehouse.Transaction} write rows together
 * with the state in the schema {@code meta}. {@link serai.warehouse.Sql} runs any other statement.
 *
 * <p>It stands on PostgreSQL's driver, HikariCP, Flyway and the embedded PostgreSQL, and on no other package of Serai.
 * Start reading at {@link serai.warehouse.Warehouse}.
 */
package serai.warehouse;
