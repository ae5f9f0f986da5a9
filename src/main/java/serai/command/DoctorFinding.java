package serai.command;

/**
 * One line of the command {@code doctor}.
 *
 * @param check what was looked at, such as {@code warehouse}
 * @param ok whether it is as it should be
 * @param text what was found, in one sentence
 * @param fix what to do; null when it is ok
 */
public record DoctorFinding(String check, boolean ok, String text, String fix) {

    /** Something that is as it should be, or that is left out. */
    public static DoctorFinding ok(String check, String text) {
        return new DoctorFinding(check, true, text, null);
    }

    /** Something that is wrong. */
    public static DoctorFinding problem(String check, String text, String fix) {
        return new DoctorFinding(check, false, text, fix);
    }
}
