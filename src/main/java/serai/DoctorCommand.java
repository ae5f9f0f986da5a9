package serai;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import serai.command.Causes;
import serai.command.CommandContext;
import serai.command.CommandOutput;
import serai.command.Diagnosis;
import serai.command.DoctorFinding;
import serai.command.ExitCode;
import serai.command.WarehouseDiagnosis;
import serai.load.ga4.Ga4Diagnosis;
import serai.load.metabase.MetabaseDiagnosis;
import serai.load.replicate.ReplicateDiagnosis;
import serai.settings.SettingRefusal;
import serai.settings.SettingsException;
import serai.watch.WatchDiagnosis;

/** {@code doctor}: everything around Serai that can be wrong. */
@Command(
        name = "doctor",
        description =
                "Check the settings, the folders and ports, and each server that Serai uses, and print what to do."
                        + " It changes nothing, and ends with exit code 1 if there is a problem.")
final class DoctorCommand implements Callable<Integer> {

    /** Each part contributes its own. */
    private static final List<Diagnosis> DIAGNOSES = List.of(
            ProcessDiagnosis::look,
            WarehouseDiagnosis::look,
            MetabaseDiagnosis::look,
            Ga4Diagnosis::look,
            ReplicateDiagnosis::look,
            WatchDiagnosis::look);

    private final CommandContext context;

    @Mixin
    private CommandOutput output;

    DoctorCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        List<DoctorFinding> findings = new ArrayList<>();
        try {
            context.settings();
            found(findings, List.of(DoctorFinding.ok("settings", "all are valid")));
        } catch (SettingsException e) {
            for (SettingRefusal refusal : e.refusals()) {
                found(findings, List.of(DoctorFinding.problem("settings", refusal.place(), refusal.reason())));
            }
            return ExitCode.NO;
        }
        for (Diagnosis diagnosis : DIAGNOSES) {
            try {
                found(findings, diagnosis.look(context));
            } catch (Exception e) {
                found(findings, List.of(DoctorFinding.problem("doctor", Causes.rootMessage(e), "see the log")));
            }
        }
        return findings.stream().allMatch(DoctorFinding::ok) ? ExitCode.DONE : ExitCode.NO;
    }

    private void found(List<DoctorFinding> all, List<DoctorFinding> findings) {
        all.addAll(findings);
        for (DoctorFinding finding : findings) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("check", finding.check());
            fields.put("ok", finding.ok());
            fields.put("text", finding.text());
            fields.put("fix", finding.fix());
            String line = (finding.ok() ? "ok       " : "problem  ") + finding.check() + ": " + finding.text();
            output.print(finding.ok() ? line : line + "\n         fix: " + finding.fix(), fields);
        }
    }
}
