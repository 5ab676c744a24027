/** Durable work: rows that are claimed, leased and worked on. */
@NullMarked
package io.containr.runtime.work;

import org.jspecify.annotations.NullMarked;
