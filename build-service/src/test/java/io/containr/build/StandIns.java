package io.containr.build;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;

/**
 * Programs in place of railpack, nixpacks and the Docker client, which cannot be had everywhere. Each notes how it was
 * called, below a directory that the source's file {@code records} names, and does what the source's file {@code mode} says.
 * The client builds a small real image whatever the plan is.
 */
public final class StandIns implements ApplicationContextInitializer<ConfigurableApplicationContext> {

    private static final Path HOME = home();

    private static final String RAILPACK = """
            #!/bin/sh
            source=$2
            records=RECORDS/$(cat "$source/records")
            mkdir -p "$records"
            echo run >> "$records/railpack.runs"
            printf '%s\\n' "$@" > "$records/railpack.arguments"
            env > "$records/railpack.environment"
            for word in "$@"; do
              case $word in
                --plan-out=*) plan=${word#*=} ;;
                --info-out=*) info=${word#*=} ;;
              esac
            done
            runs=$(wc -l < "$records/railpack.runs")
            case $(cat "$source/mode") in
              *busy-twice*) [ "$runs" -gt 2 ] || exit 75 ;;
              *always-busy*) exit 75 ;;
              *unknown*)
                echo '{"success":false,"logs":[{"level":"info","msg":"hm"},{"level":"error","msg":"No start command was found."}]}' > "$info"
                exit 1 ;;
              *sleeps*) echo "sleeping for $(cat "$source/records")"; sleep 600 ;;
              *steals*)
                echo '{"steps":[{"inputs":[{"image":"REGISTRY/s/somebody:latest"}]}]}' > "$plan"
                exit 0 ;;
            esac
            echo "railpack looks at the source"
            echo '{"success":true,"railpackVersion":"0.36.3","detectedProviders":["node"]}' > "$info"
            echo '{"steps":[{"name":"install","inputs":[{"image":"ghcr.io/railwayapp/railpack-builder:latest"}]}]}' > "$plan"
            """;

    private static final String NIXPACKS = """
            #!/bin/sh
            source=$2
            records=RECORDS/$(cat "$source/records")
            mkdir -p "$records"
            printf '%s\\n' "$@" > "$records/nixpacks-$1.arguments"
            env > "$records/nixpacks-$1.environment"
            case $(cat "$source/mode") in *no-nixpacks*) echo "unable to generate a build plan" >&2; exit 1 ;; esac
            if [ "$1" = plan ]; then
              echo "looking" >&2
              echo '{"providers":["node"],"variables":{"NODE_ENV":"production","NIXPACKS_METADATA":"node"}}'
              exit 0
            fi
            mkdir "$source/.nixpacks"
            cat > "$source/.nixpacks/Dockerfile" <<END
            FROM BUSYBOX
            ARG NODE_ENV TOKEN NIXPACKS_METADATA
            ARG UNIQUE=$(cat "$source/records")
            RUN echo "built \\$NIXPACKS_METADATA for \\$NODE_ENV with \\${#TOKEN} characters"
            CMD ["/bin/true"]
            END
            """;

    private static final String DOCKER = """
            #!/bin/sh
            case $1 in --version) echo "Docker version 20.10.24, build stand-in"; exit 0 ;; esac
            for source in "$@"; do :; done
            records=RECORDS/$(cat "$source/records")
            mkdir -p "$records/secrets"
            printf '%s\\n' "$@" > "$records/docker.arguments"
            env > "$records/docker.environment"
            for word in "$@"; do
              case $word in
                --secret=*) cp -p "${word##*,src=}" "$records/secrets/" ;;
                --tag=*) tag=${word#--tag=} ;;
              esac
            done
            case $(cat "$source/mode") in *frontend-fails*) echo "npm ERR! missing script"; exit 1 ;; esac
            printf 'FROM BUSYBOX\\nENTRYPOINT ["/bin/sh", "-c"]\\nCMD ["npm start"]\\n' |
              DOCKER_BUILDKIT=0 /usr/bin/docker build --tag "$tag" -
            """;

    static {
        write("railpack", RAILPACK);
        write("nixpacks", NIXPACKS);
        write("docker", DOCKER);
    }

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        context.getEnvironment()
                .getPropertySources()
                .addFirst(new MapPropertySource(
                        "stand-ins",
                        Map.of(
                                "containr.build.railpack", HOME.resolve("railpack"),
                                "containr.build.nixpacks", HOME.resolve("nixpacks"),
                                "containr.build.docker-cli", HOME.resolve("docker"),
                                "containr.build.retry-delay", "10ms")));
    }

    public static Path program(String name) {
        return HOME.resolve(name);
    }

    /** Where the calls for a source are noted. */
    public static Path records(String name) {
        return HOME.resolve("records").resolve(name);
    }

    public static List<String> lines(String records, String file) throws IOException {
        return Files.readAllLines(records(records).resolve(file));
    }

    private static void write(String name, String script) {
        try {
            Path file = Files.writeString(
                    HOME.resolve(name),
                    script.replace("RECORDS", HOME.resolve("records").toString())
                            .replace("REGISTRY", BuildTestEnvironment.registry())
                            .replace("BUSYBOX", BuildTestEnvironment.BUSYBOX));
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path home() {
        try {
            return Files.createTempDirectory("containr-test-stand-ins-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
