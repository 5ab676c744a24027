/** What input must look like, and how every problem of a request is named at once. */
@NullMarked
package io.containr.project.input;

import org.jspecify.annotations.NullMarked;
