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
    void noEscapedCharacterIsCutInHalf() {
        for (int longest = 60; longest < 80; longest++) {
            String kept = MessageLimits.text("&lt;".repeat(100), longest).replaceAll("(?s)\n… and .*", "");
            assertThat(kept).as("cut to " + longest).matches("(&lt;)+");
        }
    }

    @Test
    void aBlockOfCodeThatIsCutEndsBeforeTheNote() {
        String code = "before\n```\n" + "x".repeat(500) + "\n```\nafter";
        for (int longest = 50; longest < 530; longest++) {
            String cut = MessageLimits.text(code, longest);
            assertThat(cut.length()).isLessThanOrEqualTo(longest);
            assertThat(cut.split("```", -1).length % 2)
                    .as("an even number of marks in %s", cut)
                    .isEqualTo(1);
            assertThat(cut).doesNotContainPattern("(?<!`)`{1,2}(?!`)");
        }
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
