/** What build-service is asked to do and what it tells. */
@NullMarked
package io.containr.contracts.build;

import org.jspecify.annotations.NullMarked;
