package serai.refresh;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import serai.warehouse.Relation;

/** The file of a model in a dbt project: its configuration, its range of time and its SELECT. */
final class DbtModel {

    /** The parameters that all models have. */
    static final Map<String, String> PARAMETERS =
            Map.of("now", "'{{ run_started_at }}'::timestamptz", "run_id", "0::bigint");

    private final Model model;
    private final ModelGraph graph;
    private final Map<String, RelationColumns> sources;

    /** @param sources the columns of the relations of landing and app that are read, by {@code schema.name} */
    DbtModel(Model model, ModelGraph graph, Map<String, RelationColumns> sources) {
        this.model = model;
        this.graph = graph;
        this.sources = sources;
    }

    String text() {
        String text = config() + (model.window() == null ? "" : range()) + "\n" + sql();
        return isSnapshot() ? "{% snapshot " + model.name() + " %}\n" + text + "{% endsnapshot %}\n" : text;
    }

    /** Whether it is a snapshot of dbt's, which has a folder of its own. */
    boolean isSnapshot() {
        return graph.isSnapshot(model);
    }

    private String sql() {
        Map<String, String> parameters = model.window() == null
                ? PARAMETERS
                : Map.of(
                        "from",
                        "{{ from_time }}",
                        "to",
                        "{{ to_time }}",
                        "now",
                        PARAMETERS.get("now"),
                        "run_id",
                        PARAMETERS.get("run_id"));
        String sql = new DbtSql(graph.reads(model), parameters).of(model.sql());
        return model.kind() == ModelKind.SCD2 && !isSnapshot()
                ? graph.versions(model).history(model, sql.strip(), "true") + "\n"
                : sql;
    }

    private String config() {
        List<String> settings = new ArrayList<>();
        switch (model.kind()) {
            case RECALC -> {
                settings.add("materialized='incremental'");
                settings.add("incremental_strategy='delete+insert'");
                settings.add("unique_key='" + model.window().column() + "'");
                settings.add("on_schema_change='fail'");
            }
            case ONCE -> {
                settings.add("materialized='incremental'");
                settings.add("incremental_strategy='append'");
                settings.add("full_refresh=false");
                settings.add("on_schema_change='fail'");
            }
            case UPSERT -> {
                settings.add("materialized='incremental'");
                settings.add("incremental_strategy='merge'");
                settings.add("unique_key=" + list(model.grain()));
                if (!model.write().keep().isEmpty()) {
                    settings.add("merge_exclude_columns=" + list(model.write().keep()));
                }
                settings.add("on_schema_change='fail'");
            }
            case SCD2 -> {
                if (isSnapshot()) {
                    settings.add("strategy='check'");
                    settings.add("unique_key=" + list(model.grain()));
                    settings.add("check_cols='all'");
                    settings.add("hard_deletes='invalidate'");
                    settings.add("snapshot_meta_column_names={'dbt_valid_from': '" + Versions.FROM
                            + "', 'dbt_valid_to': '" + Versions.TO + "'}");
                } else {
                    // all versions follow from the changes
                    settings.add("materialized='table'");
                }
            }
            default -> settings.add("materialized='" + model.kind().text() + "'");
        }
        return "{{ config(\n    " + String.join(",\n    ", settings) + "\n) }}\n";
    }

    private static String list(List<String> columns) {
        return "['" + String.join("', '", columns) + "']";
    }

    /**
     * The range that a run calculates: from the newest unit, less some days of lookback, else from the first row of the
     * input. A {@code once} takes the units that follow its newest one and are over; an {@code upsert} the days of the
     * lookback, since its rows are of no unit.
     */
    private String range() {
        ModelWindow window = model.window();
        boolean once = model.kind() == ModelKind.ONCE;
        String zone = " at time zone '" + window.zone() + "'";
        String unit = window.unit().text();
        String first = once ? firstOnce(zone) : firstInput(window, zone);
        String from = from(window, zone);
        String incremental = model.kind() == ModelKind.UPSERT
                ? "(" + from + ")" + zone
                : "coalesce((select (" + from + ")" + zone + " from {{ this }}), " + first + ")";
        String to = "date_trunc('" + unit + "', now()" + zone + ")" + (once ? "" : " + interval '1 " + unit + "'");
        return """
                {%% set from_time -%%}
                  {%%- if var('from_time', none) -%%}
                    '{{ var('from_time') }}'::timestamptz
                  {%%- elif is_incremental() -%%}
                    %1$s
                  {%%- else -%%}
                    %2$s
                  {%%- endif -%%}
                {%%- endset %%}
                {%% set to_time -%%}
                  {%%- if var('to_time', none) -%%}
                    '{{ var('to_time') }}'::timestamptz
                  {%%- else -%%}
                    (%3$s)%4$s
                  {%%- endif -%%}
                {%%- endset %%}
                """.formatted(incremental, first, to, zone);
    }

    /** When the first unit of a once begins: that of {@code @from}, or yesterday's. */
    private String firstOnce(String zone) {
        String unit = model.window().unit().text();
        String time = model.write().from() == null
                ? "now()" + zone + " - interval '1 " + unit + "'"
                : "timestamp '" + model.write().from() + "'";
        return "(date_trunc('" + unit + "', " + time + "))" + zone;
    }

    /** From which local time an incremental run calculates. */
    private String from(ModelWindow window, String zone) {
        String unit = window.unit().text();
        if (model.kind() == ModelKind.UPSERT) {
            return "now()" + zone + " - interval '1 day' * {{ var('lookback_days') }}";
        }
        String newest = "max(" + window.column() + ")" + (window.unit().isDate() ? "::timestamp" : zone);
        return model.kind() == ModelKind.ONCE
                ? newest + " + interval '1 " + unit + "'"
                : "date_trunc('" + unit + "', " + newest + " - interval '1 day' * {{ var('lookback_days') }})";
    }

    /** When the unit of the input's first row begins. */
    private String firstInput(ModelWindow window, String zone) {
        return "(select date_trunc('" + window.unit().text() + "', min(" + inputColumn(window, zone) + "))" + zone
                + " from " + relation(window.relation()) + ")";
    }

    /** The column that dates the input's rows, as a local time; a date is a day of the model's zone. */
    private String inputColumn(ModelWindow window, String zone) {
        String input = read(window.relation());
        RelationColumns columns = graph.get(input) == null ? sources.get(input) : graph.columns(graph.get(input));
        boolean date = columns.typeOf(window.sourceColumn()).orElse("").equals("date");
        return window.sourceColumn() + (date ? "::timestamp" : zone);
    }

    private String relation(String name) {
        String read = read(name);
        return read.contains(".") ? DbtSql.source(Relation.of(read)) : DbtSql.ref(read);
    }

    /** A name of {@code @window} as {@link ModelGraph#reads} has it. */
    private String read(String name) {
        return graph.reads(model).stream()
                .filter(read -> read.equals(name) || read.endsWith("." + name))
                .findFirst()
                .orElseThrow();
    }
}
