package serai.watch.alert;

import java.util.NavigableMap;
import java.util.TreeMap;

/** How many columns a text takes where all characters have one width: East Asian ones take two, combining ones none. */
final class CharacterWidth {

    /** The first and the last of each range that is two columns wide (Unicode, East Asian Width). */
    private static final NavigableMap<Integer, Integer> WIDE = wide(0x1100, 0x115F, 0x231A, 0x231B, 0x2E80, 0x303E, 0x3041, 0x33FF,
            0x3400, 0x4DBF, 0x4E00, 0xA4CF, 0xA960, 0xA97F, 0xAC00, 0xD7A3, 0xF900, 0xFAFF, 0xFE30, 0xFE6F, 0xFF01, 0xFF60, 0xFFE0, 0xFFE6,
            0x1F300, 0x1F64F, 0x1F680, 0x1F6FF, 0x1F900, 0x1F9FF, 0x20000, 0x3FFFD);

    private CharacterWidth() {
    }

    private static NavigableMap<Integer, Integer> wide(int... bounds) {
        NavigableMap<Integer, Integer> ranges = new TreeMap<>();
        for (int i = 0; i < bounds.length; i += 2) {
            ranges.put(bounds[i], bounds[i + 1]);
        }
        return ranges;
    }

    static int of(String text) {
        return text.codePoints().map(CharacterWidth::of).sum();
    }

    private static int of(int c) {
        int type = Character.getType(c);
        if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK || type == Character.FORMAT
                || type == Character.CONTROL) {
            return 0;
        }
        var range = WIDE.floorEntry(c);
        return range != null && c <= range.getValue() ? 2 : 1;
    }
}
