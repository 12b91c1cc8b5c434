package io.sawlog.tools;

import io.sawlog.groups.SideLogReader;
import io.sawlog.index.HeaderCheck;
import io.sawlog.index.IndexEntry;
import io.sawlog.log.segment.RecordCursor;
import org.agrona.DirectBuffer;

/** How {@code dump} shows what it finds. */
interface DumpFormat {

  /** A segment begins. */
  void segment(SegmentFile segment);

  /**
   * An intact frame.
   *
   * @param bytes hold the frame
   * @param at where it starts in them
   */
  void frame(SegmentFile segment, Finding.Frame frame, DirectBuffer bytes, int at);

  /**
   * A record of the frame before.
   *
   * @param record stands at the record
   * @param bytes hold it
   */
  void record(SegmentFile segment, Finding.Frame frame, RecordCursor record, DirectBuffer bytes);

  /**
   * What the record of a group's side log says.
   *
   * @param offset the record's
   */
  void step(SegmentFile segment, Finding.Frame frame, long offset, SideLogReader.Step step);

  /** A frame whose append did not end. */
  void unfinished(SegmentFile segment, Finding.Unfinished unfinished);

  /**
   * A place that is not what was appended.
   *
   * @param bytes its first bytes, as far as they can be read
   */
  void damage(SegmentFile segment, Finding.Damage damage, byte[] bytes);

  /** The segment ends. */
  void end(SegmentFile segment, Finding.End end);

  /** An index begins; one that cannot be used also ends. */
  void index(IndexCopy index, HeaderCheck check);

  /**
   * An entry of the index.
   *
   * @param offset the offset that it names, if the base is known
   */
  void entry(IndexCopy index, IndexEntry entry, long offset);
}
