/** What other services tell and ask. */
@NullMarked
package io.containr.build.job.messaging;

import org.jspecify.annotations.NullMarked;
