package serai.demo;

import java.util.List;

/**
 * A saved question with native SQL.
 *
 * @param tags the template tags of its SQL
 */
public record Card(int id, String name, boolean archived, boolean readable, List<Tag> tags, CardSource source) {

    /**
     * A template tag.
     *
     * @param name  as in {@code {{name}}}
     * @param type  {@code date}, {@code number} or {@code text} for a variable; for a field filter its widget, such as {@code date/range}
     * @param field whether it is a field filter
     */
    public record Tag(String name, String type, boolean field) {
        public static Tag date(String name) {
            return new Tag(name, "date", false);
        }

        public static Tag field(String name, String widget) {
            return new Tag(name, widget, true);
        }
    }

    /** A card with the two date variables {@code start} and {@code end}, both optional. */
    public static Card between(int id, String name, CardSource source) {
        return new Card(id, name, false, true, List.of(Tag.date("start"), Tag.date("end")), source);
    }

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
}
