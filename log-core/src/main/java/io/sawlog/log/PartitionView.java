package io.sawlog.log;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What a reader needs to know of a partition, whether this process writes it, another one does, or
 * nobody.
 */
interface PartitionView {
  PartitionPlace place();

  /** For an index that has to be built. */
  int indexIntervalBytes();

  /** The segments as far as they are known. */
  Segments segments();

  /** The segment that begins at the offset which an END named; null if there is none yet. */
  @Nullable Segment segmentStartingAt(long baseOffset) throws IOException;

  /** The lowest offset that may be read. */
  long logStartOffset();

  /**
   * The offset behind the last record: claimed, if this process writes; published, if it does not.
   */
  long logEndOffset() throws IOException;

  /** How many records were appended up to the log end, deleted ones included. */
  long totalRecordCount() throws IOException;

  /** The offset behind the last record that would survive a power cut. */
  long durableOffset() throws IOException;

  /** Whether a reader may look at an offset now. */
  boolean isVisible(long offset, Visibility visibility) throws IOException;

  /** All records below this offset are known to be there: what is missing among them is damage. */
  long knownEnd() throws IOException;

  /** The claim at a position that recovery would abort; null if there is none. */
  RecoveryPlan.@Nullable Abort abortAt(Segment segment, int position);

  /** Looks again at what another process may have changed, before anything is called damage. */
  void refresh() throws IOException;

  /** Told when a reader finds nothing more, so that a writer that died is noticed. */
  void stalled() throws IOException;

  /** Throws if nothing can be read any more. */
  void checkOpen();
}
