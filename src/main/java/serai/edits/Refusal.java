package serai.edits;

import java.nio.file.Path;

/**
 * Why an edited file was refused.
 *
 * @param file relative to the project's folder
 * @param line from 1, or null when it is not known
 * @param reason what is wrong and how to fix it
 */
public record Refusal(Path file, Integer line, String reason) {}
