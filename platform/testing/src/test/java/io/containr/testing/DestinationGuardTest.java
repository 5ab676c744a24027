package io.containr.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.containr.runtime.net.DestinationGuard;
import io.containr.runtime.net.ForbiddenDestinationException;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DestinationGuardTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.8.9.10",
                "10.1.2.3",
                "172.16.0.1",
                "172.31.255.255",
                "192.168.1.1",
                "169.254.169.254",
                "0.0.0.0",
                "100.64.0.1",
                "192.0.0.1",
                "198.18.0.1",
                "224.0.0.1",
                "255.255.255.255",
                "::1",
                "::",
                "fe80::1",
                "fc00::1",
                "fd12::1",
                "ff02::1",
                "::ffff:10.0.0.1",
                "64:ff9b::a00:1",
                "2002:a00:1::",
                "2001::1"
            })
    void privateAddressesAreRefused(String address) {
        assertThatExceptionOfType(ForbiddenDestinationException.class)
                .isThrownBy(() -> new DestinationGuard(Set.of()).resolve(address, 443));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.1.1.1", "140.82.121.4", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "2a00:1450::8a"})
    void publicAddressesAreNot(String address) throws Exception {
        assertThat(new DestinationGuard(Set.of()).resolve(address, 443)).hasSize(1);
    }

    @Test
    void anOperatorAllowsAHostOrOneOfItsPorts() throws Exception {
        DestinationGuard guard = new DestinationGuard(Set.of("127.0.0.1:3000", "10.0.0.7"));

        assertThat(guard.resolve("127.0.0.1", 3000)).isNotEmpty();
        assertThat(guard.resolve("10.0.0.7", 1)).isNotEmpty();
        assertThatExceptionOfType(ForbiddenDestinationException.class)
                .isThrownBy(() -> guard.resolve("127.0.0.1", 3001));
    }
}
