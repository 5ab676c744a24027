/** Traffic of Containr's own API. */
@NullMarked
package io.containr.gateway.api;

import org.jspecify.annotations.NullMarked;
