package serai;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Which package may use which: the table of {@code docs/architecture.md}. */
@AnalyzeClasses(packages = "serai", importOptions = ArchitectureTest.MainClasses.class)
class ArchitectureTest {

    private static final String[] ROOMS = {
        "serai.collect..", "serai.load..", "serai.refresh..", "serai.watch..", "serai.show.."
    };
    private static final String[] GROUND_FLOOR = {
        "serai.warehouse..",
        "serai.edits..",
        "serai.spool..",
        "serai.http..",
        "serai.elasticsearch..",
        "serai.metabase..",
        "serai.command..",
        "serai.settings..",
        "serai.request..",
        "serai.status..",
        "serai.room.."
    };

    @ArchTest
    static final ArchRule roomsDoNotUseEachOther = slices().assignedFrom(new RoomSlices())
            .should()
            .notDependOnEachOther()
            .because("what passes between rooms is a table of meta or a Camel endpoint");

    @ArchTest
    static final ArchRule theGroundFloorUsesNoRoom = noClasses()
            .that()
            .resideInAnyPackage(GROUND_FLOOR)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(ROOMS)
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule nothingUsesTheTop = noClasses()
            .that()
            .resideOutsideOfPackage("serai")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("serai");

    @ArchTest
    static final ArchRule mainKnowsNothingOfTheDemo =
            noClasses().should().dependOnClassesThat().resideInAPackage("serai.demo..");

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().assignedFrom(new PackageSlices()).should().beFreeOfCycles();

    @ArchTest
    static void everyClassIsInARoomOrOnTheGroundFloorOrAtTheTop(JavaClasses classes) {
        noClasses()
                .that()
                .resideOutsideOfPackage("serai")
                .should()
                .resideOutsideOfPackages(concat(ROOMS, GROUND_FLOOR))
                .check(classes);
    }

    @ArchTest
    static void noTwoClassesHaveOneName(JavaClasses classes) {
        Map<String, List<String>> packages = classes.stream()
                .filter(JavaClass::isTopLevelClass)
                .filter(type -> !type.getSimpleName().equals("package-info"))
                .collect(Collectors.groupingBy(
                        JavaClass::getSimpleName, Collectors.mapping(JavaClass::getPackageName, Collectors.toList())));
        packages.values().removeIf(all -> all.size() == 1);
        assertThat(packages).isEmpty();
    }

    private static String[] concat(String[] first, String[] second) {
        String[] all = java.util.Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }

    /** One slice for each room. */
    private static final class RoomSlices implements SliceAssignment {

        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
            for (String room : ROOMS) {
                String name = room.substring(0, room.length() - 2);
                if (type.getPackageName().equals(name) || type.getPackageName().startsWith(name + ".")) {
                    return SliceIdentifier.of(name);
                }
            }
            return SliceIdentifier.ignore();
        }

        @Override
        public String getDescription() {
            return "rooms";
        }
    }

    /** One slice for each package. */
    private static final class PackageSlices implements SliceAssignment {

        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
            return type.getPackageName().startsWith("serai")
                    ? SliceIdentifier.of(type.getPackageName())
                    : SliceIdentifier.ignore();
        }

        @Override
        public String getDescription() {
            return "packages";
        }
    }

    /** What is shipped: not tests, and not the demo, which is compiled with them. */
    static final class MainClasses implements ImportOption {
        @Override
        public boolean includes(Location location) {
            return location.contains("/target/classes/");
        }
    }
}
