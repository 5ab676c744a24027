/** Which host leads where: read from Kafka, kept on disk, reported when in force. */
@NullMarked
package io.containr.gateway.route;

import org.jspecify.annotations.NullMarked;
