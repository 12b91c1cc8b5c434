/**
 * The log: stores, topics, partitions, appending and reading.
 *
 * <p>Begin with {@link io.sawlog.log.Sawlog}. Everything public in this package is the API; the
 * engine is package-private beside it, and the sub-packages are internal. Nothing here talks to the
 * network.
 */
@NullMarked
package io.sawlog.log;

import org.jspecify.annotations.NullMarked;
