/** The REST side of logs. */
@NullMarked
package io.containr.deploy.log.web;

import org.jspecify.annotations.NullMarked;
