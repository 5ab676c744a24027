package io.containr.project;

import static org.assertj.core.api.Assertions.assertThat;

import io.containr.contracts.ids.ServiceId;
import io.containr.contracts.project.ProjectEvent.ServiceUpdated;
import io.containr.contracts.project.ServiceSpec;
import io.containr.runtime.secrets.SecretBox;
import io.containr.testing.TestMessages;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;

@RunningService
class VariablesIT {

    private static TestMessages messages;

    @LocalServerPort
    private int port;

    @Autowired
    private SecretBox box;

    private Api ada;
    private String service;
    private String path;

    @BeforeAll
    static void listen() {
        messages = new TestMessages();
    }

    @AfterAll
    static void close() {
        messages.close();
    }

    @BeforeEach
    void newService() {
        ada = Api.newUser(port);
        service = ada.newService(ada.newProject("variables"), "web");
        path = "/api/v1/services/" + service + "/variables";
    }

    @Test
    void variablesAreReplacedAndSecretsAreNeverShown() {
        assertThat(ada.get(path).expect(200).body()).isEqualTo("{}");

        String shown = "{\"PLAIN\":{\"value\":\"a\\nb\",\"secret\":false},\"TOKEN\":{\"secret\":true}}";
        assertThat(ada.put(path, "{\"TOKEN\":{\"value\":\"s3cret\",\"secret\":true},\"PLAIN\":\"a\\nb\"}")
                        .expect(200)
                        .body())
                .isEqualTo(shown);
        assertThat(ada.get(path).expect(200).body()).isEqualTo(shown);

        ServiceSpec spec = awaitRevision(2);
        assertThat(opened(spec, "TOKEN")).isEqualTo("s3cret");
        assertThat(opened(spec, "PLAIN")).isEqualTo("a\nb");
        assertThat(ada.put(path, "{\"PORT\":8080}").expect(200).body())
                .isEqualTo("{\"PORT\":{\"value\":\"8080\",\"secret\":false}}");
        assertThat(awaitRevision(3).variables()).containsOnlyKeys("PORT");
    }

    @Test
    void secretStaysWhatItIsUntilItGetsANewValue() {
        ada.put(path, "{\"TOKEN\":{\"value\":\"one\",\"secret\":true}}").expect(200);
        ServiceSpec before = awaitRevision(2);

        String shown = ada.get(path).body();
        assertThat(ada.put(path, shown).expect(200).body()).isEqualTo(shown);
        ada.put(path, "{\"TOKEN\":{\"secret\":true},\"MORE\":\"x\"}").expect(200);
        ServiceSpec after = awaitRevision(3);
        assertThat(after.variables().get("TOKEN")).isEqualTo(before.variables().get("TOKEN"));

        assertThat(ada.put(path, "{\"TOKEN\":\"two\"}").expect(200).body()).isEqualTo("{\"TOKEN\":{\"secret\":true}}");
        assertThat(opened(awaitRevision(4), "TOKEN")).isEqualTo("two");
    }

    @Test
    void secretCannotBeMadeReadable() {
        ada.put(path, "{\"TOKEN\":{\"value\":\"one\",\"secret\":true}}").expect(200);

        assertThat(ada.put(path, "{\"TOKEN\":{\"secret\":false}}").expect(400).problem("variables.TOKEN.value"))
                .isEqualTo("is required");
        assertThat(ada.put(path, "{\"NEW\":{\"secret\":true}}").expect(400).problem("variables.NEW.value"))
                .isEqualTo("is required");
        assertThat(ada.put(path, "{\"TOKEN\":{\"value\":\"new\",\"secret\":false}}")
                        .expect(200)
                        .body())
                .isEqualTo("{\"TOKEN\":{\"value\":\"new\",\"secret\":false}}");
    }

    @Test
    void variablesOfTheApplicationGoBeforeThoseOfTheBuild() {
        ada.put(
                        "/api/v1/services/" + service,
                        "{\"build_config\":{\"environment_variables\":{\"A\":\"build\",\"B\":\"build\"}}}")
                .expect(200);
        ada.put(path, "{\"B\":\"run\"}").expect(200);

        ServiceSpec spec = awaitRevision(3);

        assertThat(opened(spec, "A")).isEqualTo("build");
        assertThat(opened(spec, "B")).isEqualTo("run");
        assertThat(box.open(spec.build().environment().get("B"), ServiceSpec.sealedFor(ServiceId.of(service), "B")))
                .isEqualTo("build");
    }

    private ServiceSpec awaitRevision(long revision) {
        return messages.await(
                        ServiceUpdated.class,
                        e -> e.spec().service().toString().equals(service)
                                && e.spec().revision() == revision)
                .spec();
    }

    private String opened(ServiceSpec spec, String name) {
        return box.open(spec.variables().get(name), ServiceSpec.sealedFor(spec.service(), name));
    }
}
