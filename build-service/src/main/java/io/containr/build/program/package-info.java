/** Other people's programs, run as children of this process. */
@NullMarked
package io.containr.build.program;

import org.jspecify.annotations.NullMarked;
