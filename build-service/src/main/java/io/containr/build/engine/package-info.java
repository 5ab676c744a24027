/** Dockerfile builds with a Docker engine. */
@NullMarked
package io.containr.build.engine;

import org.jspecify.annotations.NullMarked;
