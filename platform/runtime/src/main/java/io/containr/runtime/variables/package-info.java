/** Values of variables that refer to others of their project. */
@NullMarked
package io.containr.runtime.variables;

import org.jspecify.annotations.NullMarked;
