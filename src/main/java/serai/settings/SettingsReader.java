package serai.settings;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.apache.camel.util.SensitiveUtils;

/**
 * Reads all settings and checks them. A system property ({@code -D}) takes precedence over an environment variable,
 * that over {@code application.properties}, and that over the default.
 *
 * <p>A key that is not declared is refused when it begins as Serai's own do, unless a file under {@code routes} or
 * another setting refers to it: operators may name settings of their own. Other keys, such as those of Camel, are
 * passed on unchecked.
 */
public final class SettingsReader {

    private static final String CAMEL = "camel";

    private final List<Setting<?>> declared;
    private final Set<String> prefixes;
    private final UnaryOperator<String> environment;
    private final Map<String, String> system;

    /**
     * What is read: a value as it was written, and where.
     *
     * @param text with placeholders
     * @param place as in {@link SettingRefusal#place}
     * @param line for the order of refusals; 0 outside of the file
     */
    private record Given(String text, String place, int line) {}

    /**
     * @param groups all settings that are declared
     * @param environment the value of an environment variable, or null
     * @param system the system properties
     */
    public SettingsReader(List<SettingGroup> groups, UnaryOperator<String> environment, Properties system) {
        this.declared = groups.stream()
                .<Setting<?>>flatMap(group -> group.settings().stream())
                .toList();
        this.prefixes = declared.stream()
                .map(setting -> prefix(setting.name()))
                .filter(prefix -> !prefix.equals(CAMEL))
                .collect(Collectors.toSet());
        this.environment = environment;
        this.system = new TreeMap<>();
        system.stringPropertyNames().forEach(name -> this.system.put(name, system.getProperty(name)));
    }

    /**
     * Reads the settings of a folder, and has the values of secret ones masked from now on.
     *
     * @param file {@code application.properties}
     * @param routes the folder of the route files, which may refer to settings of operators
     * @throws SettingsException when any of them is refused
     */
    public Settings read(Path file, Path routes) {
        Map<String, Given> given = given(file);
        Map<String, String> texts = new TreeMap<>();
        given.forEach((name, value) -> texts.put(name, value.text()));
        List<SettingRefusal> refusals = new ArrayList<>();
        Placeholders.resolve(texts)
                .forEach((name, problem) ->
                        refusals.add(new SettingRefusal(given.get(name).place(), name, name + " " + problem)));
        // before anything is printed
        texts.forEach(this::keepSecret);
        Set<String> failed = refusals.stream().map(SettingRefusal::name).collect(Collectors.toSet());
        given.forEach((name, value) -> {
            if (!failed.contains(name)) {
                check(name, value, texts.get(name)).ifPresent(refusals::add);
            }
        });
        refuseUnknown(given, routes, refusals);
        if (!refusals.isEmpty()) {
            refusals.sort(java.util.Comparator.comparingInt(
                    refusal -> given.get(refusal.name()).line()));
            throw new SettingsException(List.copyOf(refusals));
        }
        return Settings.of(texts);
    }

    /** Each setting by its declared name, from where it takes precedence. */
    private Map<String, Given> given(Path file) {
        Map<String, Given> given = new LinkedHashMap<>();
        for (Setting<?> setting : declared) {
            if (!setting.isPattern()) {
                given.put(setting.name(), new Given(setting.defaultText(), "default", 0));
            }
        }
        try {
            SettingsFile.read(file)
                    .forEach((key, entry) -> given.put(
                            declaredName(key),
                            new Given(entry.value(), file.getFileName() + ":" + entry.line(), entry.line())));
        } catch (MalformedInputException e) {
            throw unreadable(file, "it is not UTF-8; save it in UTF-8");
        } catch (IOException e) {
            throw unreadable(file, e.getMessage());
        }
        given.replaceAll((name, value) -> {
            String variable = environment.apply(Setting.variable(name));
            return variable == null ? value : new Given(variable, "environment variable " + Setting.variable(name), 0);
        });
        system.forEach((key, text) -> {
            String name = declaredName(key);
            if (given.containsKey(name) || prefixes.contains(prefix(key)) && key.contains(".")) {
                given.put(name, new Given(text, "-D" + key, 0));
            }
        });
        return given;
    }

    private static SettingsException unreadable(Path file, String reason) {
        return new SettingsException(
                List.of(new SettingRefusal(file.getFileName().toString(), "", "cannot be read: " + reason)));
    }

    /** Camel accepts its own settings in several spellings, such as {@code camel.main.shutdown-timeout}. */
    private String declaredName(String key) {
        if (!prefix(key).equals(CAMEL)) {
            return key;
        }
        String plain = plain(key);
        return declared.stream()
                .map(Setting::name)
                .filter(name -> plain(name).equals(plain))
                .findFirst()
                .orElse(key);
    }

    private static String plain(String key) {
        return key.replace("-", "").toLowerCase(Locale.ROOT);
    }

    private Optional<Setting<?>> find(String name) {
        return declared.stream().filter(setting -> setting.declares(name)).findFirst();
    }

    private Optional<SettingRefusal> check(String name, Given given, String text) {
        Setting<?> setting = find(name).orElse(null);
        if (setting == null) {
            return Optional.empty();
        }
        try {
            setting.read(text);
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of(new SettingRefusal(
                    given.place(),
                    name,
                    SettingRefusal.sentence(name, setting.type().shown(text), e.getMessage())));
        }
    }

    private void refuseUnknown(Map<String, Given> given, Path routes, List<SettingRefusal> refusals) {
        Set<String> unknown = new HashSet<>(given.keySet());
        unknown.removeIf(name -> !prefixes.contains(prefix(name)) || find(name).isPresent());
        if (unknown.isEmpty()) {
            return;
        }
        Set<String> referenced = Placeholders.names(routes);
        given.values().forEach(value -> referenced.addAll(Placeholders.names(value.text())));
        unknown.removeAll(referenced);
        for (String name : unknown) {
            String nearest = Spelling.nearest(
                    name,
                    declared.stream()
                            .map(Setting::name)
                            .filter(known -> !known.startsWith(CAMEL + "."))
                            .toList());
            refusals.add(new SettingRefusal(
                    given.get(name).place(),
                    name,
                    name + " is no setting of Serai, and no route refers to it; write " + nearest
                            + ", or remove the line"));
        }
    }

    private void keepSecret(String name, String text) {
        Optional<Setting<?>> setting = find(name);
        if (setting.isPresent()) {
            setting.get().type().secrets(text).forEach(Secrets::add);
        } else if (isSecret(name.substring(name.lastIndexOf('.') + 1))) {
            Secrets.addAddress(text);
        }
    }

    private static boolean isSecret(String word) {
        return SensitiveUtils.containsSensitive(word) || plain(word).matches(".*webhook(url)?");
    }

    private static String prefix(String name) {
        int dot = name.indexOf('.');
        return dot < 0 ? name : name.substring(0, dot);
    }
}
