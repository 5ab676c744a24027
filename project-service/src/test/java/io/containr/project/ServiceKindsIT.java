package io.containr.project;

import static org.assertj.core.api.Assertions.assertThat;

import io.containr.contracts.project.ProjectEvent.ServiceCreated;
import io.containr.contracts.project.ProjectEvent.ServiceUpdated;
import io.containr.contracts.project.Resources;
import io.containr.contracts.project.Schedule;
import io.containr.contracts.project.ServiceSpec;
import io.containr.contracts.project.Volume;
import io.containr.testing.TestMessages;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.web.server.LocalServerPort;

/** What only services of one kind have: a schedule, or a volume. */
@RunningService
class ServiceKindsIT {

    private static final String SERVICES = "/api/v1/services/";
    private static TestMessages messages;

    @LocalServerPort
    private int port;

    private Api ada;
    private String project;

    @BeforeAll
    static void listen() {
        messages = new TestMessages();
    }

    @AfterAll
    static void stopListening() {
        messages.close();
    }

    @BeforeEach
    void newProject() {
        ada = Api.newUser(port);
        project = ada.newProject("kinds");
    }

    private Api.Answer create(String type, String buildConfig) {
        return ada.post(
                "/api/v1/projects/" + project + "/services",
                "{\"name\":\"s\",\"type\":\"" + type + "\",\"build_config\":" + buildConfig + "}");
    }

    private ServiceSpec told(String id) {
        return messages.await(
                        ServiceCreated.class, e -> e.spec().service().toString().equals(id))
                .spec();
    }

    private ServiceSpec toldAgain(String id, long revision) {
        return messages.await(
                        ServiceUpdated.class,
                        e -> e.spec().service().toString().equals(id)
                                && e.spec().revision() == revision)
                .spec();
    }

    @Test
    void aScheduleIsKeptShownAndTold() {
        Api.Answer created = create("cron", "{\"schedule\":\" 30  4 * * 1-5 \",\"time_zone\":\"Europe/Berlin\"}")
                .expect(201);
        assertThat(created.json().at("/build_config/schedule").asString()).isEqualTo("30 4 * * 1-5");
        assertThat(created.json().at("/build_config/time_zone").asString()).isEqualTo("Europe/Berlin");
        assertThat(told(created.text("id")).schedule()).isEqualTo(new Schedule("30 4 * * 1-5", "Europe/Berlin"));

        ada.put(SERVICES + created.text("id"), "{\"build_config\":{\"time_zone\":\"\",\"schedule\":\"0 0 * * *\"}}")
                .expect(200);
        assertThat(toldAgain(created.text("id"), 2).schedule()).isEqualTo(new Schedule("0 0 * * *", "UTC"));
        ada.put(SERVICES + created.text("id"), "{\"build_config\":{\"schedule\":\"\"}}")
                .expect(200);
        assertThat(toldAgain(created.text("id"), 3).schedule()).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "cron; schedule; * * * *; five fields",
                "cron; schedule; 0 * * * * *; five fields",
                "cron; schedule; @daily; five fields",
                "cron; schedule; 61 * * * *; cannot have",
                "cron; schedule; 0 0 * * FUNDAY; cannot have",
                "cron; schedule; */0 * * * *; cannot have",
                "cron; schedule; 5-1-3 * * * *; cannot have",
                "cron; schedule; 0 0 30 2 *; never comes",
                "cron; time_zone; Europe/Nowhere; time zone",
                "cron; time_zone; ../etc; time zone",
                "cron; volume_path; /data; only for a service of type database",
                "web; schedule; 0 0 * * *; only for a service of type cron",
                "worker; time_zone; UTC; only for a service of type cron",
                "database; volume_path; data; absolute path",
                "database; volume_path; /a/../b; absolute path",
                "database; volume_path; /proc/1; absolute path",
                "database; volume_path; '/a,b'; absolute path",
                "database; volume_path; /; absolute path"
            })
    void whatCannotBeIsRefusedByItsName(String type, String field, String value, String reason) {
        Api.Answer answer =
                create(type, "{\"" + field + "\":\"" + value + "\"}").expect(400);
        assertThat(answer.json()
                        .at("/details/fields")
                        .get("build_config." + field)
                        .asString())
                .contains(reason);
        assertThat(ada.get("/api/v1/projects/" + project + "/services")
                        .expect(200)
                        .json())
                .isEmpty();
    }

    @Test
    void theStorageOfADatabaseIsItsVolumeAndOnlyGrows() {
        Api.Answer created = ada.post(
                        "/api/v1/projects/" + project + "/services",
                        "{\"name\":\"db\",\"type\":\"database\",\"resources\":{\"storage\":\"5Gi\"},\"build_config\":{\"volume_path\":\"/var/lib/db\"}}")
                .expect(201);
        ServiceSpec spec = told(created.text("id"));
        assertThat(spec.volume()).isEqualTo(new Volume(5120, "/var/lib/db"));
        assertThat(spec.resources()).isEqualTo(Resources.DEFAULT);

        assertThat(ada.put(SERVICES + created.text("id"), "{\"resources\":{\"storage\":\"4Gi\"}}")
                        .expect(400)
                        .json()
                        .at("/details/fields")
                        .get("resources.storage")
                        .asString())
                .contains("shrink");
        ada.put(SERVICES + created.text("id"), "{\"resources\":{\"storage\":\"6Gi\"}}")
                .expect(200);
        assertThat(toldAgain(created.text("id"), 2).volume()).isEqualTo(new Volume(6144, "/var/lib/db"));
        String plain = create("database", "{}").expect(201).text("id");
        assertThat(told(plain).volume()).isEqualTo(new Volume(2048, null));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "web; 0; between 1 and 10",
                "web; 11; between 1 and 10",
                "worker; -1; between 1 and 10",
                "web; 99999999999; between 1 and 10",
                "database; 2; has one instance",
                "cron; 2; has one instance"
            })
    void replicasThatCannotBeAreRefused(String type, String count, String reason) {
        Api.Answer answer = ada.post(
                        "/api/v1/projects/" + project + "/services",
                        "{\"name\":\"s\",\"type\":\"" + type + "\",\"resources\":{\"replicas\":" + count + "}}")
                .expect(400);
        assertThat(answer.json().at("/details/fields").get("resources.replicas").asString())
                .contains(reason);
        assertThat(ada.get("/api/v1/projects/" + project + "/services")
                        .expect(200)
                        .json())
                .isEmpty();
    }

    @Test
    void replicasAndRegionAreKeptShownAndTold() {
        String services = "/api/v1/projects/" + project + "/services";
        Api.Answer created = ada.post(
                        services,
                        "{\"name\":\"s\",\"type\":\"web\",\"resources\":{\"replicas\":3,\"region\":\"north\"}}")
                .expect(201);
        String id = created.text("id");
        assertThat(created.json().at("/resources/replicas").asInt()).isEqualTo(3);
        assertThat(created.json().at("/resources/region").asString()).isEqualTo("north");
        assertThat(told(id).replicas()).isEqualTo(3);
        assertThat(told(id).region()).isEqualTo("north");

        ada.put(SERVICES + id, "{\"resources\":{\"memory\":\"1Gi\"}}").expect(200);
        assertThat(toldAgain(id, 2).instances()).isEqualTo(3);
        ada.put(SERVICES + id, "{\"resources\":{\"replicas\":1,\"region\":\"\"}}")
                .expect(200);
        assertThat(toldAgain(id, 3).instances()).isOne();
        assertThat(toldAgain(id, 3).region()).isNull();
        ada.put(SERVICES + id, "{\"resources\":{\"replicas\":11}}").expect(400);
    }

    @Test
    void aRegionThatThereIsNotIsRefusedWithThoseThereAre() {
        for (String region : List.of("moon", "No Such", "north ")) {
            Api.Answer refused = ada.post(
                            "/api/v1/projects/" + project + "/services",
                            "{\"name\":\"s\",\"type\":\"web\",\"resources\":{\"region\":\"" + region + "\"}}")
                    .expect(400);
            assertThat(refused.json()
                            .at("/details/fields")
                            .get("resources.region")
                            .asString())
                    .contains(region.equals("moon") ? "one of north, south" : "name of a region");
        }
    }
}
