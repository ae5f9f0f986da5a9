package serai.refresh;

import java.nio.file.Path;

/**
 * What a case did not find as it says.
 *
 * @param file which says so, relative to the project's folder
 * @param line of the file, or null
 * @param column in which a row differs; null when a whole row is missing or unexpected
 * @param expected the value or row of the file, or null
 * @param found the value or row of the relation, or null
 * @param problem all of it in words
 */
record CaseDifference(Path file, Integer line, String column, String expected, String found, String problem) {

    static CaseDifference missing(Path file, int line, String row) {
        return new CaseDifference(file, line, null, row, null, "missing row: " + row);
    }

    static CaseDifference unexpected(Path file, String row) {
        return new CaseDifference(file, null, null, null, row, "unexpected row: " + row);
    }

    static CaseDifference other(Path file, int line, String column, String expected, String found) {
        return new CaseDifference(file, line, column, expected, found, column + " is " + found + ", not " + expected);
    }

    /** With file and line. */
    String text() {
        return file + (line == null ? "" : ":" + line) + ": " + problem;
    }
}
