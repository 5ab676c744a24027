package io.containr.build.image;

import com.google.cloud.tools.jib.api.ImageReference;
import com.google.cloud.tools.jib.api.InvalidImageReferenceException;
import io.containr.build.failure.BuildErrorCode;
import io.containr.build.failure.BuildFailedException;

/** An image that a user names, such as {@code nginx:1.29} or {@code ghcr.io/owner/app@sha256:…}. */
public record ImageName(ImageReference reference) {

    private static final int MAX_LENGTH = 512;

    /** @throws BuildFailedException IMAGE_INVALID if it is none */
    public static ImageName of(String text) throws BuildFailedException {
        try {
            if (text.length() <= MAX_LENGTH) {
                ImageReference reference = ImageReference.parse(text.strip());
                if (!reference.isScratch()) {
                    return new ImageName(reference);
                }
            }
        } catch (InvalidImageReferenceException e) {
            throw new BuildFailedException(BuildErrorCode.IMAGE_INVALID, invalid(text), e);
        }
        throw new BuildFailedException(BuildErrorCode.IMAGE_INVALID, invalid(text));
    }

    private static String invalid(String text) {
        return "'" + text.substring(0, Math.min(text.length(), 100)) + "' is no image reference.";
    }

    /** {@code host} or {@code host:port}. */
    String registry() {
        return reference.getRegistry();
    }

    String repository() {
        return reference.getRepository();
    }

    /** Digest or tag. */
    String qualifier() {
        return reference.getQualifier();
    }

    @Override
    public String toString() {
        return reference.toString();
    }
}
