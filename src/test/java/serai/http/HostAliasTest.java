package serai.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostAliasTest {

    @ParameterizedTest
    @CsvSource({
        "http://es_node_1,es_node_1,-1",
        "http://es_node_1:9200,es_node_1,9200",
        "https://me:p_w@es_node:9200/a_b?c_d,es_node,9200",
        "http://_,_,-1",
        "HTTP://1_2/x,1_2,-1",
        "http://a_b.c-d.example:80?x=http://e_f,a_b.c-d.example,80"
    })
    void aHostWithAnUnderscoreIsAHost(String address, String host, int port) throws Exception {
        URI uri = HostAlias.uri(address);
        assertThat(HostAlias.real(uri.getHost())).isEqualTo(host);
        assertThat(uri.getPort()).isEqualTo(port);
        assertThat(HostAlias.real(uri.toString())).isEqualTo(address);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://example.org:80/a_b",
                "https://hooks.example/services/T_0/B_0?x=_",
                "http://[::1]:9200/_search",
                "http://u_s:p_w@example.org/"
            })
    void anyOtherAddressStaysAsItIs(String address) {
        assertThat(HostAlias.in(address)).isEqualTo(address);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://$HOST_NAME/x", "http:///x_y", "mailto:a_b", "http://a_b:port/"})
    void whatIsNoAddressHasNoHost(String text) throws Exception {
        assertThat(HostAlias.uri(text).getHost()).isNull();
    }
}
