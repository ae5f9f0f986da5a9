package serai.watch.rule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class DocumentTest {

    @Test
    void anIndexOnATextSelectsAWholeCharacter() {
        Map<String, Object> document = Map.of("face", "\uD83D\uDE00b");

        assertThat(Document.lookup(document, "face[0]")).isEqualTo("\uD83D\uDE00");
        assertThat(Document.lookup(document, "face[1]")).isEqualTo("b");
        assertThat(Document.lookup(document, "face[2]")).isNull();
    }
}
