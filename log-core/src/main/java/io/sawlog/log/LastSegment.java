package io.sawlog.log;

import io.sawlog.index.HeaderCheck;
import io.sawlog.index.IndexHeader;
import io.sawlog.index.SparseIndex;
import io.sawlog.log.file.MappedRegion;
import io.sawlog.log.file.Storage;
import io.sawlog.log.file.StorageFile;
import io.sawlog.log.segment.ActiveSegment;
import io.sawlog.log.segment.AppendClock;
import io.sawlog.log.segment.PinnedRegion;
import io.sawlog.log.segment.SegmentHeader;
import io.sawlog.log.segment.SegmentScanner;
import java.io.IOException;
import java.nio.file.Path;

/** Maps the segment in which the life before has stopped, to go on in it. */
final class LastSegment {
  private final Storage storage;
  private final Segment segment;
  private final LogTail tail;
  private final int indexIntervalBytes;

  /**
   * Names the segment.
   *
   * @param tail where the log goes on in it
   * @param indexIntervalBytes for an index that has to be made anew
   */
  LastSegment(Storage storage, Segment segment, LogTail tail, int indexIntervalBytes) {
    this.storage = storage;
    this.segment = segment;
    this.tail = tail;
    this.indexIntervalBytes = indexIntervalBytes;
  }

  ActiveSegment map(AppendClock clock) throws IOException {
    SegmentHeader header = segment.header();
    MappedRegion log = mapAllocated(segment.path(), header.capacity());
    MappedRegion index;
    try {
      index = mapIndex();
    } catch (IOException | RuntimeException e) {
      log.unmap();
      throw e;
    }
    HeaderCheck.Valid indexHeader = (HeaderCheck.Valid) check(index);
    ActiveSegment active =
        new ActiveSegment(
            header,
            new PinnedRegion(log),
            new PinnedRegion(index),
            new SparseIndex(index.buffer(), indexHeader.header()),
            tail.position(),
            tail.nextOffset() - header.baseOffset(),
            clock,
            tail.lastTime());
    active.durableUpTo(tail.position());
    return active;
  }

  /**
   * A copy may have lost its blocks to holes: they are allocated again before anything is stored.
   */
  private MappedRegion mapAllocated(Path path, int length) throws IOException {
    try (StorageFile file = storage.open(path, Storage.Access.WRITE)) {
      file.allocate(length);
      return file.map(length);
    }
  }

  private HeaderCheck check(MappedRegion index) {
    SegmentHeader header = segment.header();
    return IndexHeader.check(index.buffer(), header.salt(), header.baseOffset(), header.capacity());
  }

  /** The index as it is, or made anew from the log if it is no use. */
  private MappedRegion mapIndex() throws IOException {
    Path path = IndexFile.beside(segment.path());
    if (IndexFile.isUsable(storage, segment.path(), segment.header())) {
      int length;
      try (StorageFile file = storage.open(path, Storage.Access.READ)) {
        length = (int) file.size();
      }
      return mapAllocated(path, length);
    }
    IndexHeader header = IndexFile.headerFor(segment.header(), indexIntervalBytes);
    storage.delete(path);
    try (StorageFile file = storage.create(path);
        StorageFile log = storage.open(segment.path(), Storage.Access.READ)) {
      file.allocate(header.indexBytes());
      MappedRegion region = file.map(header.indexBytes());
      header.writeTo(region.buffer());
      IndexFile.fill(
          new SparseIndex(region.buffer(), header),
          new SegmentScanner(log, segment.header()),
          segment.header(),
          tail.position());
      return region;
    }
  }
}
