/** The REST side of deployments. */
@NullMarked
package io.containr.deploy.request.web;

import org.jspecify.annotations.NullMarked;
