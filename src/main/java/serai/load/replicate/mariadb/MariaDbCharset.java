package serai.load.replicate.mariadb;

import java.nio.charset.Charset;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** A character set of MariaDB. */
public final class MariaDbCharset {

    private static final Map<String, String> NAMES = Map.ofEntries(
            Map.entry("utf8mb4", "UTF-8"),
            Map.entry("utf8mb3", "UTF-8"),
            Map.entry("utf8", "UTF-8"),
            Map.entry("latin1", "windows-1252"),
            Map.entry("latin2", "ISO-8859-2"),
            Map.entry("latin5", "ISO-8859-9"),
            Map.entry("latin7", "ISO-8859-13"),
            Map.entry("ascii", "US-ASCII"),
            Map.entry("greek", "ISO-8859-7"),
            Map.entry("hebrew", "ISO-8859-8"),
            Map.entry("cp850", "IBM850"),
            Map.entry("cp852", "IBM852"),
            Map.entry("cp866", "IBM866"),
            Map.entry("cp1250", "windows-1250"),
            Map.entry("cp1251", "windows-1251"),
            Map.entry("cp1256", "windows-1256"),
            Map.entry("cp1257", "windows-1257"),
            Map.entry("koi8r", "KOI8-R"),
            Map.entry("koi8u", "KOI8-U"),
            Map.entry("tis620", "TIS-620"),
            Map.entry("ucs2", "UTF-16BE"),
            Map.entry("utf16", "UTF-16BE"),
            Map.entry("utf16le", "UTF-16LE"),
            Map.entry("utf32", "UTF-32BE"),
            Map.entry("sjis", "Shift_JIS"),
            Map.entry("cp932", "windows-31j"),
            Map.entry("ujis", "EUC-JP"),
            Map.entry("big5", "Big5"),
            Map.entry("gbk", "GBK"),
            Map.entry("gb2312", "GB2312"),
            Map.entry("euckr", "EUC-KR"));

    private static final Map<String, MariaDbCharset> KNOWN = NAMES.entrySet().stream()
            .collect(Collectors.toUnmodifiableMap(
                    Map.Entry::getKey,
                    name -> new MariaDbCharset(
                            Charset.forName(name.getValue()), name.getKey().equals("latin1"))));

    private final Charset charset;
    private final boolean latin1;

    private MariaDbCharset(Charset charset, boolean latin1) {
        this.charset = charset;
        this.latin1 = latin1;
    }

    /** Empty when its bytes cannot be read here. */
    public static Optional<MariaDbCharset> of(String name) {
        return Optional.ofNullable(KNOWN.get(name));
    }

    String decode(byte[] bytes) {
        String text = new String(bytes, charset);
        return latin1 && text.indexOf('\ufffd') >= 0 ? decodeLatin1(bytes, text) : text;
    }

    /** Five bytes are no characters of Windows-1252; to MariaDB they are control characters. */
    private static String decodeLatin1(byte[] bytes, String text) {
        StringBuilder all = new StringBuilder(text);
        for (int i = 0; i < bytes.length; i++) {
            if (all.charAt(i) == '\ufffd') {
                all.setCharAt(i, (char) (bytes[i] & 0xff));
            }
        }
        return all.toString();
    }
}
