/** What project-service tells. */
@NullMarked
package io.containr.contracts.project;

import org.jspecify.annotations.NullMarked;
