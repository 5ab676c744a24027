/** Deployments: attempts to bring a release into service, and how they stand. */
@NullMarked
package io.containr.deploy.deployment;

import org.jspecify.annotations.NullMarked;
