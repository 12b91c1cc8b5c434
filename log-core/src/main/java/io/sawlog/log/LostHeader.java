package io.sawlog.log;

import io.sawlog.index.HeaderCheck;
import io.sawlog.index.IndexHeader;
import io.sawlog.log.file.StorageFile;
import io.sawlog.log.segment.FrameFormat;
import io.sawlog.log.segment.SegmentHeader;
import io.sawlog.log.segment.SegmentScanner;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Finds the header of a segment whose own is damaged. The name tells the base offset; the salt is
 * what no one can guess, and what every checksum in the segment proves. How many records came
 * before is for the neighbours to tell.
 */
final class LostHeader {
  /** How many records came before is not known yet. */
  static final long UNKNOWN_COUNT = -1;

  private static final int MAX_CAPACITY = 1 << 30;
  private static final int SALT_FIELD = 52;

  private LostHeader() {}

  /** The header under which the frames are good; null if there is none, or it is another one's. */
  static @Nullable SegmentHeader find(
      PartitionPlace place, SegmentFiles.Found found, StorageFile file) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(SegmentHeader.LENGTH).order(ByteOrder.LITTLE_ENDIAN);
    file.read(bytes, 0);
    bytes.flip();
    if (SegmentHeader.check(bytes) == SegmentHeader.Check.VALID) {
      return null;
    }
    int capacity = (int) Math.min(file.size(), MAX_CAPACITY) & -FrameFormat.ALIGNMENT;
    List<SegmentHeader> candidates = new ArrayList<>();
    UnsafeBuffer index = IndexFile.readFile(place.storage(), IndexFile.beside(found.path()));
    if (IndexHeader.checkAlone(index) instanceof HeaderCheck.Valid valid
        && valid.header().baseOffset() == found.baseOffset()) {
      int segmentBytes = Math.min(capacity, valid.header().segmentBytes());
      candidates.add(header(place, found, segmentBytes, (int) valid.header().salt()));
    }
    if (bytes.limit() == SegmentHeader.LENGTH) {
      candidates.add(header(place, found, capacity, bytes.getInt(SALT_FIELD)));
    }
    for (SegmentHeader candidate : candidates) {
      if (fits(file, candidate)) {
        return candidate;
      }
    }
    return null;
  }

  private static SegmentHeader header(
      PartitionPlace place, SegmentFiles.Found found, int capacity, int salt) {
    return new SegmentHeader(
        place.topicId(), place.number(), found.baseOffset(), UNKNOWN_COUNT, capacity, salt);
  }

  private static boolean fits(StorageFile file, SegmentHeader header) throws IOException {
    return new SegmentScanner(file, header).findValid(SegmentHeader.LENGTH, header.baseOffset())
        != SegmentScanner.NOT_FOUND;
  }
}
