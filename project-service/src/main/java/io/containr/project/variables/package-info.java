/** Variables of services, and those that the services of a project share. */
@NullMarked
package io.containr.project.variables;

import org.jspecify.annotations.NullMarked;
