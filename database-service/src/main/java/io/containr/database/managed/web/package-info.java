/** The API of databases. */
@NullMarked
package io.containr.database.managed.web;

import org.jspecify.annotations.NullMarked;
