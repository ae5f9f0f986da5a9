package serai.watch.python;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The right column is what Python 3.11 prints on Linux. */
class StrftimeTest {

    private static final ZonedDateTime MORNING = ZonedDateTime.of(2024, 3, 1, 9, 5, 7, 0, ZoneOffset.UTC);

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "%c;Fri Mar  1 09:05:07 2024", "%x %X;03/01/24 09:05:07", "%D|%h|%k|%l;03/01/24|Mar| 9| 9",
                        "%r;09:05:07 AM", "%C%y;2024",
                "%g|%P;24|am", "%-d/%-m %-H:%M;1/3 9:05", "%_d|%_H; 1| 9", "%^a|%^B;FRI|MARCH", "%e|%j|%-j; 1|061|61",
                "%U %W %V %G %u %w;08 09 09 2024 5 5", "%I %p;09 AM", "%z %Z;+0000 UTC", "%%d;%d",
                        "%s.%f;1709283907.000000",
                "%F %T %R;2024-03-01 09:05:07 09:05", "%b %B %a %A;Mar March Fri Friday", "100%;100%", "%Q;%Q"
            })
    void aTimeIsWrittenAsPythonWritesIt(String pattern, String printed) {
        assertThat(Strftime.format(MORNING, pattern)).isEqualTo(printed);
    }

    @Test
    void theNameOfTheZoneDependsOnTheTimeOfYear() {
        ZoneId berlin = ZoneId.of("Europe/Berlin");

        assertThat(Strftime.format(MORNING.withZoneSameInstant(berlin), "%H:%M %Z %z"))
                .isEqualTo("10:05 CET +0100");
        assertThat(Strftime.format(MORNING.withMonth(7).withZoneSameInstant(berlin), "%H:%M %Z %z"))
                .isEqualTo("11:05 CEST +0200");
    }
}
