package serai.load.replicate.mapping;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import serai.edits.EditRefusedException;

/** Reads the JSON text of a mapping file. */
final class JsonMapping {

    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(30).build())
            .build();

    private final Path file;
    private final JsonParser parser;

    private JsonMapping(Path file, JsonParser parser) {
        this.file = file;
        this.parser = parser;
    }

    static MappingValue read(Path file, String text) throws EditRefusedException {
        try (JsonParser parser = JSON.createParser(text)) {
            JsonMapping reader = new JsonMapping(file, parser);
            parser.nextToken();
            MappingValue value = reader.value();
            if (parser.nextToken() != null) {
                throw reader.here().refused("there is more behind the end of the rules: a file is one object");
            }
            return value;
        } catch (JsonProcessingException e) {
            // the exception's own message quotes the text
            throw new EditRefusedException(
                    file,
                    e.getLocation() == null ? 1 : e.getLocation().getLineNr(),
                    "this is not JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private FilePosition here() {
        return new FilePosition(file, parser.currentTokenLocation().getLineNr());
    }

    private MappingValue value() throws IOException, EditRefusedException {
        FilePosition at = here();
        JsonToken token = parser.currentToken();
        if (token == JsonToken.START_OBJECT) {
            return object(at);
        }
        if (token == JsonToken.START_ARRAY) {
            List<MappingValue> values = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                values.add(value());
            }
            return new MappingValue.Items(at, values);
        }
        if (token == null || !token.isScalarValue()) {
            throw at.refused("there is nothing in it: write { \"rules\": [ ... ] }");
        }
        return new MappingValue.Text(at, token == JsonToken.VALUE_NULL ? "" : parser.getText());
    }

    private MappingValue object(FilePosition at) throws IOException, EditRefusedException {
        Map<String, MappingValue.Field> fields = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            FilePosition place = here();
            String name = parser.currentName();
            boolean absent = parser.nextToken() == JsonToken.VALUE_NULL;
            if (fields.containsKey(name)) {
                throw place.refused("the field '" + name + "' is there a second time: keep one");
            }
            fields.put(name, absent ? null : new MappingValue.Field(place, value()));
        }
        fields.values().removeIf(field -> field == null);
        return new MappingValue.Fields(at, fields);
    }
}
