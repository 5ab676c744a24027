package io.containr.project.services;

import io.containr.contracts.Sealed;

/**
 * The value of a runtime variable.
 *
 * @param secret whether its owner may set it but nobody may read it back
 */
record Variable(Sealed value, boolean secret) {}
