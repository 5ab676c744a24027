/** Runs of scheduled services: when one is due, what becomes of it. */
@NullMarked
package io.containr.deploy.run;

import org.jspecify.annotations.NullMarked;
