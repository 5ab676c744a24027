package io.containr.contracts;

/**
 * Why something ended badly, in words for the user.
 *
 * @param code stable, upper-case with underscores, such as {@code HEALTH_CHECK_FAILED}
 * @param message one or a few lines that a user can act on; never a secret
 */
public record Failure(String code, String message) {}
