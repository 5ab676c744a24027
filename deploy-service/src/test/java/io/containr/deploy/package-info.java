/** deploy-service from outside: real PostgreSQL and Kafka, the other services played by {@link World}. */
@NullMarked
package io.containr.deploy;

import org.jspecify.annotations.NullMarked;
