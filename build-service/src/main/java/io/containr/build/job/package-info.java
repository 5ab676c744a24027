/** Builds from request to outcome, and the workers that run them. */
@NullMarked
package io.containr.build.job;

import org.jspecify.annotations.NullMarked;
