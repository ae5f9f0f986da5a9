package serai.load.replicate.mapping;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import serai.edits.EditRefusedException;
import serai.settings.Spelling;

/** A value of a mapping file, be it JSON or YAML, with its place. */
sealed interface MappingValue {

    FilePosition at();

    /** A text, a number, true or false. */
    record Text(FilePosition at, String value) implements MappingValue {}

    /** A list. */
    record Items(FilePosition at, List<MappingValue> values) implements MappingValue {}

    /** The field of an object. */
    record Field(FilePosition at, MappingValue value) {}

    /** An object. Fields that are null are absent. */
    record Fields(FilePosition at, Map<String, Field> fields) implements MappingValue {

        boolean has(String name) {
            return fields.containsKey(name);
        }

        /** The place of a field, or of the object when it is absent. */
        FilePosition at(String name) {
            return has(name) ? fields.get(name).at() : at;
        }

        /** The text of a field; empty when it is absent or "". */
        Optional<String> text(String name) throws EditRefusedException {
            if (!has(name)) {
                return Optional.empty();
            }
            if (fields.get(name).value() instanceof Text text) {
                return Optional.of(text.value()).filter(value -> !value.isEmpty());
            }
            throw at(name).refused("'" + name + "' is one text or number");
        }

        /** @param fix what to write, when the field is absent or "" */
        String required(String name, String fix) throws EditRefusedException {
            return text(name).orElseThrow(() -> at(name).refused("'" + name + "' is missing: " + fix));
        }

        /** One of the words. */
        String choice(String name, Collection<String> words) throws EditRefusedException {
            String word = required(name, "write one of " + String.join(", ", words));
            if (!words.contains(word)) {
                throw at(name).refused("'" + name + "' is '" + word + "'; did you mean '"
                        + Spelling.nearest(word, words) + "'? It is one of " + String.join(", ", words));
            }
            return word;
        }

        Optional<Fields> object(String name) throws EditRefusedException {
            if (!has(name)) {
                return Optional.empty();
            }
            return Optional.of(fields.get(name).value().asFields("'" + name + "' is an object in braces"));
        }

        /** The values of a list; empty when it is absent. */
        List<MappingValue> list(String name) throws EditRefusedException {
            if (!has(name)) {
                return List.of();
            }
            if (fields.get(name).value() instanceof Items items) {
                return items.values();
            }
            throw at(name).refused("'" + name + "' is a list");
        }

        List<String> texts(String name) throws EditRefusedException {
            List<String> texts = new ArrayList<>();
            for (MappingValue value : list(name)) {
                texts.add(value.asText("'" + name + "' is a list of names"));
            }
            return texts;
        }

        /** A whole number of 0 or more; empty when the field is absent or "". */
        Optional<Integer> number(String name) throws EditRefusedException {
            Optional<String> text = text(name);
            if (text.isPresent() && !text.get().matches("[0-9]{1,10}")) {
                throw at(name).refused("'" + name + "' is a whole number");
            }
            long number = text.map(Long::valueOf).orElse(0L);
            if (number > Integer.MAX_VALUE) {
                throw at(name).refused("'" + name + "' is at most " + Integer.MAX_VALUE);
            }
            return text.map(t -> (int) number);
        }

        /** Refuses fields with other names: a field that is misspelled would be a protection that is missing. */
        void allow(Collection<String> known) throws EditRefusedException {
            for (String name : fields.keySet()) {
                if (!known.contains(name)) {
                    throw at(name).refused("there is no field '" + name + "' here; did you mean '"
                            + Spelling.nearest(name, known) + "'?");
                }
            }
        }
    }

    /** @param fix what to write, when it is something else */
    default Fields asFields(String fix) throws EditRefusedException {
        if (this instanceof Fields fields) {
            return fields;
        }
        throw at().refused(fix);
    }

    /** @param fix what to write, when it is something else */
    default String asText(String fix) throws EditRefusedException {
        if (this instanceof Text text && !text.value().isEmpty()) {
            return text.value();
        }
        throw at().refused(fix);
    }
}
