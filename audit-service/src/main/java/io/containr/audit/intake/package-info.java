/** From any message of an audited topic to a fact worth an entry. */
@NullMarked
package io.containr.audit.intake;

import org.jspecify.annotations.NullMarked;
