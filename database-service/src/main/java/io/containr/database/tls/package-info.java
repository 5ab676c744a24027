/** The installation's certificate authority, by which databases are known and spoken to in secret. */
@NullMarked
package io.containr.database.tls;

import org.jspecify.annotations.NullMarked;
