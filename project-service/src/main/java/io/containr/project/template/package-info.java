/** Templates: services, described ahead but for a few variables. */
@NullMarked
package io.containr.project.template;

import org.jspecify.annotations.NullMarked;
