package io.containr.build.engine;

import io.containr.build.failure.BuildErrorCode;
import io.containr.build.failure.BuildFailedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** As much of a frontend's plan as must be known before it is carried out. */
final class FrontendPlan {

    private static final long MAX_BYTES = 4 << 20;

    private FrontendPlan() {}

    /** Every image it starts from, wherever in the plan it is named. */
    static List<String> images(Path file) throws BuildFailedException {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new BuildFailedException(
                        BuildErrorCode.BUILD_PLAN_FAILED, "The build plan is larger than 4 MiB.");
            }
            return JsonMapper.shared().readTree(Files.readAllBytes(file)).findValues("image").stream()
                    .filter(JsonNode::isString)
                    .map(JsonNode::asString)
                    .toList();
        } catch (IOException | JacksonException e) {
            throw new BuildFailedException(BuildErrorCode.BUILD_PLAN_FAILED, "The build plan cannot be read.", e);
        }
    }
}
