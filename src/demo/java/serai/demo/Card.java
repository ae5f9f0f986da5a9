package serai.demo;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A saved question with native SQL.
 *
 * @param tags the template tags of its SQL
 */
public record Card(int id, String name, boolean archived, boolean readable, List<Tag> tags, CardSource source) {

    /**
     * A template tag.
     *
     * @param name as in {@code {{name}}}
     * @param type {@code date}, {@code number} or {@code text} for a variable; for a field filter its widget, such as
     *     {@code date/range}
     * @param field whether it is a field filter
     */
    public record Tag(String name, String type, boolean field) {
        /** A date variable. */
        public static Tag date(String name) {
            return new Tag(name, "date", false);
        }

        /** A field filter. */
        public static Tag field(String name, String widget) {
            return new Tag(name, widget, true);
        }
    }

    /** A card with the two date variables {@code start} and {@code end}, both optional. */
    public static Card between(int id, String name, CardSource source) {
        return new Card(id, name, false, true, List.of(Tag.date("start"), Tag.date("end")), source);
    }

    /** The same card with other tags. */
    public Card withTags(Tag... others) {
        return new Card(id, name, archived, readable, List.of(others), source);
    }

    /** The same card in the trash: it still answers. */
    public Card trashed() {
        return new Card(id, name, true, readable, tags, source);
    }

    /** The same card in a collection that the caller may not read. */
    public Card hidden() {
        return new Card(id, name, archived, false, tags, source);
    }

    /** The reply to {@code GET /api/card/:id}. */
    Map<String, Object> description() {
        Map<String, Object> templateTags = new LinkedHashMap<>();
        tags.forEach(t -> templateTags.put(
                t.name(),
                Map.of(
                        "id",
                        t.name(),
                        "name",
                        t.name(),
                        "display-name",
                        t.name(),
                        "type",
                        t.field() ? "dimension" : t.type())));
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("id", id);
        map.put("name", name);
        map.put("archived", archived);
        map.put("collection_id", null);
        map.put("display", "table");
        Map<String, Object> sql = Map.of("query", "select ...", "template-tags", templateTags);
        map.put("dataset_query", Map.of("type", "native", "database", 1, "native", sql));
        map.put(
                "parameters",
                tags.stream()
                        .map(t -> Map.of(
                                "id",
                                t.name(),
                                "slug",
                                t.name(),
                                "name",
                                t.name(),
                                "type",
                                t.type().equals("date") ? "date/single" : t.type(),
                                "target",
                                List.of(t.field() ? "dimension" : "variable", List.of("template-tag", t.name()))))
                        .toList());
        map.put("entity_id", String.format(Locale.ROOT, "%021d", id));
        map.put("updated_at", Instant.EPOCH.toString());
        return map;
    }
}
