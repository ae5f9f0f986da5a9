package serai.edits;

import java.nio.file.Path;

/** Why an edited file was refused: file relative to the project's folder, line from 1 or null, reason with the mend. */
public record Refusal(Path file, Integer line, String reason) {}
