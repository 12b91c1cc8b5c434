/**
 * Consumer groups over the log. So far only the assignors: pure functions that share the partitions
 * of topics among the members of a group.
 */
@NullMarked
package io.sawlog.groups;

import org.jspecify.annotations.NullMarked;
