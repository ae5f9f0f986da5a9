package serai.watch.message;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class MessageLimitsTest {

    @Property(tries = 300)
    void aTextIsCutToItsLimitAndKeepsItsBeginning(
            @ForAll String text, @ForAll @IntRange(min = 40, max = 200) int longest) {
        String cut = MessageLimits.text(text, longest);
        assertThat(cut.length()).isLessThanOrEqualTo(longest);
        assertThat(
                        text.length() <= longest
                                ? cut.equals(text)
                                : text.startsWith(cut.substring(0, cut.indexOf("\n… and "))))
                .isTrue();
    }

    @Test
    void noCharacterIsCutInHalf() {
        assertThat(MessageLimits.text("😀".repeat(100), 61)).doesNotMatch("(?s).*\\p{Cs}.*");
    }

    @Test
    void aPayloadOfAnyShapeIsCutToItsLimit() {
        Map<String, Object> payload = Map.of(
                "text",
                "x".repeat(3_000_000),
                "short",
                "kept",
                "list",
                java.util.Collections.nCopies(100_000, List.of("yyyyyyyyyy")));
        assertThat(MessageLimits.json(new ObjectMapper().valueToTree(payload)).toString())
                .hasSizeLessThanOrEqualTo(MessageLimits.LONGEST_PAYLOAD)
                .contains("\"short\":\"kept\"");
    }
}
