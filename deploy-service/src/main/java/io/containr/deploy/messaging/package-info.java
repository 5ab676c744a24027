/** Which messages reach which feature. */
@NullMarked
package io.containr.deploy.messaging;

import org.jspecify.annotations.NullMarked;
