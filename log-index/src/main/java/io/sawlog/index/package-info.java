/**
 * The sparse index of one segment: from an offset or an append time to a position from which a
 * short scan finds the record.
 *
 * <p>An index works on a buffer and knows no files. It is a hint: every look-up asks the log
 * whether the frame it lands on is really there ({@link io.sawlog.index.FrameProbe}), so a missing,
 * stale or damaged index costs a longer scan and never a wrong answer. It can be rebuilt from its
 * segment at any time.
 *
 * <ul>
 *   <li>{@link io.sawlog.index.IndexHeader} says which segment an index belongs to.
 *   <li>{@link io.sawlog.index.SparseIndex} is filled by producers and answers look-ups.
 *   <li>{@link io.sawlog.index.IndexEntry} is one entry as a value, for listings; its class comment
 *       draws the layout.
 *   <li>{@link io.sawlog.index.IndexAudit} compares an index with the frames of its segment.
 * </ul>
 */
@NullMarked
package io.sawlog.index;

import org.jspecify.annotations.NullMarked;
