/** What every service shares; no word of any one service's domain. */
@NullMarked
package io.containr.runtime;

import org.jspecify.annotations.NullMarked;
