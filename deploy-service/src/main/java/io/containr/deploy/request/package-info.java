/** What users ask for: deploy, roll back, cancel. */
@NullMarked
package io.containr.deploy.request;

import org.jspecify.annotations.NullMarked;
