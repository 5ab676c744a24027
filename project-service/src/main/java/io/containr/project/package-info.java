/** Owns what users describe: projects, services, variables. */
@NullMarked
package io.containr.project;

import org.jspecify.annotations.NullMarked;
