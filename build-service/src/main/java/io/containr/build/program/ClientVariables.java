package io.containr.build.program;

import java.util.regex.Pattern;

/**
 * Names that mean something to the programs we run or to what they run themselves, so that a user's variable of such a name
 * must not come into their environment.
 */
public final class ClientVariables {

    private static final Pattern NAMES = Pattern.compile(
            "(?i)(PATH|HOME|USER|SHELL|TMPDIR|TERM|NO_COLOR|LANG|LC_.*|LD_.*|MALLOC_.*|GLIBC_.*|GCONV_PATH|LOCALDOMAIN|RES_OPTIONS"
                    + "|HOSTALIASES|NLSPATH|BASH_.*|ENV|IFS|PS4|GO.*|GRPC_.*|OTEL_.*|SSL_.*|XDG_.*|SSH_.*|DOCKER_.*|BUILDKIT_.*"
                    + "|BUILDX_.*|COMPOSE_.*|GIT_(SSH.*|EXEC_PATH|CONFIG.*|PROXY_COMMAND|ASKPASS|TEMPLATE_DIR|EXTERNAL_DIFF|DIR|WORK_TREE|PAGER|EDITOR)|MISE_.*|ASDF_.*|RUST_.*|CURL_.*|NIX_.*|.*_PROXY)");

    private ClientVariables() {}

    public static boolean contains(String name) {
        return NAMES.matcher(name).matches();
    }
}
