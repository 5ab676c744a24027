/** Benchmarks: scenarios against one installation, each with its yardstick, written as tables, JSON and markdown. */
@NullMarked
package io.containr.bench;

import org.jspecify.annotations.NullMarked;
