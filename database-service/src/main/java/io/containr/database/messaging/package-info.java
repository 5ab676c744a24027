/** Which messages come in. */
@NullMarked
package io.containr.database.messaging;

import org.jspecify.annotations.NullMarked;
