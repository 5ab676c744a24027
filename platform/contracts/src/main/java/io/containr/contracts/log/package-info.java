/** Lines of builds and of running applications. */
@NullMarked
package io.containr.contracts.log;

import org.jspecify.annotations.NullMarked;
