package serai.refresh;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ColumnChangeTest {

    @ParameterizedTest(name = "{0} to {1}: {2}")
    @CsvSource(
            delimiter = ';',
            value = {
                "integer; bigint; true",
                "smallint; integer; true",
                "bigint; integer; false",
                "integer; numeric; false",
                "character varying(20); text; true",
                "character varying(20); character varying(21); true",
                "character varying(20); character varying; true",
                "character varying(20); character varying(20); false",
                "character varying(20); character varying(19); false",
                "character varying; text; true",
                "character varying; character varying(5); false",
                "text; character varying; false",
                "numeric(10,2); numeric(12,2); true",
                "numeric(10,2); numeric; true",
                "numeric(10,2); numeric(12,3); false",
                "numeric(10,2); numeric(9,2); false",
                "numeric; numeric(9,2); false",
                "date; timestamp with time zone; false",
            })
    void aTypeWidensOnlyWhereEachValueStaysTheSame(String from, String to, boolean widens) {
        assertThat(ColumnChange.widens(from, to)).isEqualTo(widens);
    }
}
