/**
 * One segment: its format on disk, its tail, its frames.
 *
 * <p>Internal to Sawlog, and knows nothing of topics, stores or groups. Data structures here work
 * on buffers, so that their properties can be tested in memory. {@link
 * io.sawlog.log.segment.FrameFormat} and {@link io.sawlog.log.segment.SegmentHeader} draw the
 * format that {@code docs/FORMAT.md} defines; {@link io.sawlog.log.segment.ActiveSegment} appends;
 * {@link io.sawlog.log.segment.FrameBuffer} reads.
 */
@NullMarked
package io.sawlog.log.segment;

import org.jspecify.annotations.NullMarked;
