/** Which hosts users' URLs may lead to. */
@NullMarked
package io.containr.runtime.net;

import org.jspecify.annotations.NullMarked;
