package serai.command;

import java.util.List;

/** What one part of Serai contributes to the command {@code doctor}. It changes nothing. */
@FunctionalInterface
public interface Diagnosis {

    /**
     * Looks. The settings are valid.
     *
     * @return findings, also about what cannot be reached
     */
    List<DoctorFinding> look(CommandContext context) throws Exception;
}
