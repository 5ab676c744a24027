/** The way in: the API by path, applications by host name. */
@NullMarked
package io.containr.gateway;

import org.jspecify.annotations.NullMarked;
