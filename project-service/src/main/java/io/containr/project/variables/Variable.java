package io.containr.project.variables;

import io.containr.contracts.Sealed;

/**
 * The value of a runtime variable.
 *
 * @param secret whether its owner may set it but nobody may read it back
 */
public record Variable(Sealed value, boolean secret) {}
