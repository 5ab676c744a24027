/** Host names, routes and the gateways that serve them. */
@NullMarked
package io.containr.deploy.route;

import org.jspecify.annotations.NullMarked;
