/** What a build prints: stored, published, followed. */
@NullMarked
package io.containr.build.log;

import org.jspecify.annotations.NullMarked;
