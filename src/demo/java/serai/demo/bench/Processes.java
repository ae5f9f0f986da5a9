package serai.demo.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What processes cost, as Linux counts it. */
final class Processes {

    private static final double TICKS_PER_SECOND = 100;

    private Processes() {}

    /** Processor time of a process, without its children. */
    static double cpuSeconds(long pid) throws IOException {
        String[] fields = stat(pid);
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
    }

    /** Processor time of a process, of its children and of those that it had. */
    static double familyCpuSeconds(ProcessHandle parent) throws IOException {
        String[] fields = stat(parent.pid());
        double seconds = 0;
        for (int i = 11; i <= 14; i++) {
            seconds += Long.parseLong(fields[i]) / TICKS_PER_SECOND;
        }
        for (ProcessHandle child : parent.children().toList()) {
            try {
                seconds += familyCpuSeconds(child);
            } catch (IOException gone) {
                // it ended between the listing and now: its parent has its time from now on
                continue;
            }
        }
        return seconds;
    }

    /** Resident memory in MB, the most that it was ({@code VmHWM}) or now ({@code VmRSS}). */
    static double residentMegabytes(long pid, String field) throws IOException {
        return megabytes(Path.of("/proc/" + pid + "/status"), field);
    }

    private static double megabytes(Path file, String field) throws IOException {
        for (String line : Files.readAllLines(file)) {
            if (line.startsWith(field + ":")) {
                return Long.parseLong(line.replaceAll("\\D", "")) / 1024.0;
            }
        }
        throw new IllegalStateException("no " + field + " in " + file);
    }

    /**
     * Memory in MB of a process, of its children and of theirs. Pages that they share count once ({@code Pss}), as the
     * buffers of a PostgreSQL.
     */
    static double familyMegabytes(ProcessHandle parent) throws IOException {
        double megabytes = megabytes(Path.of("/proc/" + parent.pid() + "/smaps_rollup"), "Pss");
        for (ProcessHandle child : parent.children().toList()) {
            try {
                megabytes += familyMegabytes(child);
            } catch (IOException gone) {
                // it ended between the listing and now
                continue;
            }
        }
        return megabytes;
    }

    /** The fields after the name, which may hold spaces. */
    private static String[] stat(long pid) throws IOException {
        String line = Files.readString(Path.of("/proc/" + pid + "/stat"));
        return line.substring(line.lastIndexOf(')') + 2).split(" ");
    }
}
