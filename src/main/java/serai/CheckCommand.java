package serai;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import serai.command.CommandContext;
import serai.command.CommandOutput;
import serai.command.ExitCode;
import serai.edits.Edits;
import serai.edits.Refusal;
import serai.room.Room;
import serai.room.RoomContext;
import serai.settings.SettingRefusal;
import serai.settings.Settings;
import serai.settings.SettingsException;
import serai.status.StatusReader;
import serai.warehouse.Warehouse;
import serai.warehouse.WarehouseSettings;

/** {@code check}: everything in the folder that can be wrong without any server being asked. */
@Command(
        name = "check",
        description = "Check the settings and all route, rule, SQL and mapping files of the folder, without any"
                + " server. It prints each refusal with file and line, and ends with exit code 3 if there is one.")
final class CheckCommand implements Callable<Integer> {

    private static final String LEFT_OUT =
            "left out: what SQL files and rules read from the warehouse; it is checked when Serai runs";

    /** A refusal in JSON. */
    private record Line(String place, String reason) {}

    private final CommandContext context;

    @Mixin
    private CommandOutput output;

    CheckCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws Exception {
        Settings settings;
        try {
            settings = context.settings();
        } catch (SettingsException e) {
            for (SettingRefusal refusal : e.refusals()) {
                print(refusal.place(), refusal.reason());
            }
            output.print("left out: all files; they are read with valid settings", Map.of("leftOut", "files"));
            return ExitCode.FAILED;
        }
        List<Refusal> refusals = refusals(settings);
        for (Refusal refusal : refusals) {
            print(refusal.file() + (refusal.line() == null ? "" : ":" + refusal.line()), refusal.reason());
        }
        output.print(LEFT_OUT, Map.of("leftOut", "warehouse"));
        output.print(
                refusals.isEmpty() ? "nothing is refused" : refusals.size() + " refused",
                Map.of("refused", refusals.size()));
        return refusals.isEmpty() ? ExitCode.DONE : ExitCode.FAILED;
    }

    private void print(String place, String reason) {
        output.print(place + ": " + reason, new Line(place, reason));
    }

    private List<Refusal> refusals(Settings settings) throws Exception {
        Deque<AutoCloseable> opened = new ArrayDeque<>();
        try {
            Warehouse none = Warehouse.unopened(WarehouseSettings.of(settings, context.root()));
            opened.push(none);
            // routes name it
            context.camel().getRegistry().bind("warehouse", none.dataSource());
            RoomContext given = new RoomContext(
                    context.camel(), settings, none, context.root(), new StatusReader(none.dataSource(), List::of));
            List<Room> rooms = new ArrayList<>();
            for (Function<RoomContext, Room> open : Application.ROOMS) {
                Room room = open.apply(given);
                opened.push(room);
                rooms.add(room);
            }
            return Edits.check(
                    context.camel(),
                    settings,
                    context.root(),
                    List.of(),
                    rooms.stream().flatMap(room -> room.routeClaims().stream()).toList(),
                    rooms.stream()
                            .flatMap(room -> room.editableFiles().stream())
                            .toList());
        } finally {
            while (!opened.isEmpty()) {
                opened.pop().close();
            }
        }
    }
}
