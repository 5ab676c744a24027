/** What every request gets, whoever it is for: identity, forwarding headers, errors. */
@NullMarked
package io.containr.gateway.edge;

import org.jspecify.annotations.NullMarked;
