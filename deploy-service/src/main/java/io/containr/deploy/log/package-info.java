/** Stored lines of builds and applications, and who follows them. */
@NullMarked
package io.containr.deploy.log;

import org.jspecify.annotations.NullMarked;
