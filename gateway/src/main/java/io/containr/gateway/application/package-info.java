/** Traffic of deployed applications. */
@NullMarked
package io.containr.gateway.application;

import org.jspecify.annotations.NullMarked;
