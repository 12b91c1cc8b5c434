/**
 * Consumer groups over the log, in two kinds: partition groups, as Kafka has them, and shared
 * groups, a work queue with leases, retries and dead letters.
 *
 * <p>A group is a store of its own beside the topics, so any process hosts one that can read them.
 */
@NullMarked
package io.sawlog.groups;

import org.jspecify.annotations.NullMarked;
