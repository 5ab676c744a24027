/** Token checks. */
@NullMarked
package io.containr.runtime.security;

import org.jspecify.annotations.NullMarked;
