/** The REST side of runs. */
@NullMarked
package io.containr.deploy.run.web;

import org.jspecify.annotations.NullMarked;
