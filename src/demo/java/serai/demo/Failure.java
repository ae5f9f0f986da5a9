package serai.demo;

/**
 * Ways in which a Metabase answers a CSV download. Those marked <i>rows</i> need a report made of rows, not of raw
 * bytes.
 */
public enum Failure {
    /** No failure. */
    OK,
    /** The header row alone. */
    EMPTY,
    /**
     * Up to about 0.58, before the first byte: 200, text/csv, an attachment, and a JSON map with
     * {@code "status":"failed"} inside.
     */
    A_PRE,
    /**
     * Up to the generation before C, while rows are sent: the JSON map follows the last row, and the end looks clean.
     */
    A_MID,
    /** From about 0.59, before the first byte: 500 and the JSON map. */
    B_PRE,
    /** The newest generation, while rows are sent: a chunked body, and the connection is reset. */
    C_MID,
    /** A chunked body whose last chunk never comes; the connection is closed in good order. */
    CUT_CHUNKED,
    /** The end comes inside a row, and looks clean. */
    CUT_IN_ROW,
    /** The end comes after a whole row, too early, and looks clean. */
    CUT_AT_LINE_END,
    /**
     * The end comes at a line break inside quotes, and looks clean. Some cell after the settled rows must hold a line
     * break.
     */
    CUT_IN_QUOTES,
    /** 401, plain text: no session, no key, or an expired one. */
    UNAUTHENTICATED,
    /** The session of this request, and every other, expires before it is looked at. API keys do not. */
    SESSION_EXPIRED,
    /** 403, plain text. */
    FORBIDDEN,
    /** 404, plain text. */
    NOT_FOUND,
    /** 500, JSON with a stack trace. */
    SERVER_ERROR,
    /** 502, HTML: a proxy speaks. */
    BAD_GATEWAY,
    /** 503, plain text: the pool of connections is exhausted. */
    UNAVAILABLE,
    /** 200 and Metabase's own page, as for a path without {@code /api}. */
    HTML_200,
    /** The same page, called text/csv. */
    HTML_AS_CSV,
    /** Compressed although the request did not ask for it. */
    GZIP,
    /** Compressed, with damage in the middle. */
    GZIP_CORRUPT,
    /** Compressed, and cut off before the end. */
    GZIP_CUT,
    /** A byte order mark comes first. */
    BOM,
    /** {@code ;} between the cells (rows). */
    SEMICOLON,
    /** A tab between the cells (rows). */
    TAB,
    /** Some bytes a second; see {@link MetabaseDouble#dripping}. */
    SLOW_DRIP,
    /** The settled rows come, then nothing more; the connection stays open. */
    STALL,
    /** The connection stays open and silent from the start. */
    HANG,
    /** The connection is reset before the first byte. */
    RESET,
    /** The first column has another name (rows). */
    WRONG_HEADER,
    /** The second column has the first one's name (rows). */
    DUPLICATE_HEADER,
    /** The row after the settled ones lacks its last cell (rows). */
    RAGGED_SHORT,
    /** The row after the settled ones has a cell too many (rows). */
    RAGGED_LONG,
    /** The rows come again and again until the client goes away. */
    ENDLESS
}
