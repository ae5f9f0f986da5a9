/**
 * Moving over from ElastAlert. {@link serai.watch.elastalert.ElastAlertState} is the way in. At the start
 * ({@code MigrationBarrier}, {@code StateImport}, {@code ImportedState}), rules that never ran here take over what a
 * stopped ElastAlert left in its indices. Afterwards, when the settings ask for it, what rules do is written there as
 * ElastAlert would: {@code StateRecorder} puts {@code StateDocument}s into {@code meta.elastalert_documents} in the
 * commit of the runs, and {@code StateDelivery} sends them to Elasticsearch. Uses {@code watch.engine},
 * {@code watch.store} and {@code serai.elasticsearch}. The documents: {@code docs/reference/elastalert.md}, "State
 * indices".
 */
package serai.watch.elastalert;
