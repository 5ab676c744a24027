package io.containr.build.builder;

import static org.assertj.core.api.Assertions.assertThat;

import io.containr.contracts.project.ServiceKind;
import org.junit.jupiter.api.Test;

class ProcfileTest {

    @Test
    void linesAreReadAndOthersAreNot() {
        Procfile procfile = Procfile.parse("""
                # a comment: no line
                web:   bundle exec puma -p $PORT
                release: rake db:migrate
                WORKER:work
                empty:
                web: second
                  cron: tick\t
                two words: x
                """);

        assertThat(procfile.lines())
                .containsOnlyKeys("web", "release", "worker", "cron")
                .containsEntry("web", "bundle exec puma -p $PORT")
                .containsEntry("cron", "tick");
        assertThat(procfile.command(ServiceKind.WORKER)).hasValue("work");
        assertThat(procfile.command(ServiceKind.DATABASE)).hasValue("bundle exec puma -p $PORT");
        assertThat(procfile.command(null)).hasValue("bundle exec puma -p $PORT");
        assertThat(Procfile.parse("release: x").command(ServiceKind.WEB)).isEmpty();
    }
}
