/** Webhooks in: what Git providers tell of pushes, proven, understood, and passed on. */
@NullMarked
package io.containr.project.webhook;

import org.jspecify.annotations.NullMarked;
