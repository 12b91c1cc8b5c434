/**
 * The command line tool {@code sawlog}: one class for each command, and the few nouns they share.
 *
 * <p>Not an API. Most commands use the public {@code io.sawlog.log} only; {@code dump} and {@code
 * verify} look at bytes that the engine would refuse, so they alone use its internal packages.
 */
@NullMarked
package io.sawlog.tools;

import org.jspecify.annotations.NullMarked;
