/** The REST API of builds. */
@NullMarked
package io.containr.build.job.web;

import org.jspecify.annotations.NullMarked;
