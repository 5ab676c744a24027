package io.containr.agent.proxmox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UpidTest {

    @Test
    void itNamesNodeKindAndSubject() {
        Upid upid = new Upid("UPID:pve1:00000B34:000283D5F:6B048FBC:ociregistrypull:nosuch_1.2.tar:paas@pve!agent:");
        assertThat(upid.node()).isEqualTo("pve1");
        assertThat(upid.type()).isEqualTo("ociregistrypull");
        assertThat(upid.subject()).isEqualTo("nosuch_1.2.tar");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "UPID:pve1", "UPID:../x:00000B34:000283D5:6B048FBC:vzcreate:1:u@pve", "null"})
    void anythingElseIsRefused(String text) {
        assertThatThrownBy(() -> new Upid(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
