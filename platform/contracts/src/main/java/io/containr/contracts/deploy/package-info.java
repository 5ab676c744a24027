/** What deploy-service tells. */
@NullMarked
package io.containr.contracts.deploy;

import org.jspecify.annotations.NullMarked;
