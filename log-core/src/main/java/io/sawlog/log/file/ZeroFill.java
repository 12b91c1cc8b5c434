package io.sawlog.log.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Gives a file blocks by writing zeros where it has none: behind its end, and in its holes.
 *
 * <p>Holes cannot be seen, but they read as zeros, and no file system has blocks smaller than a
 * sector. So every sector of zeros is overwritten with zeros, and one that holds data never.
 */
final class ZeroFill {
  private static final int SECTOR_BYTES = 512;

  // A write makes one folio, and the flush of one dirty byte later writes its whole folio. Larger
  // writes are three times as fast, which nobody waits for: 256 MiB take a quarter of a second.
  private static final int CHUNK_BYTES = 4 << 10;

  private final UninterruptibleChannel channel;
  private final long size;
  private final ByteBuffer zeros;
  private final ByteBuffer present;

  ZeroFill(UninterruptibleChannel channel, long size) {
    this.channel = channel;
    this.size = size;
    this.zeros = ByteBuffer.allocate(CHUNK_BYTES);
    this.present = ByteBuffer.allocate(CHUNK_BYTES);
  }

  void run() throws IOException {
    long end = Math.min(size, channel.size());
    for (long at = 0; at < end; at += CHUNK_BYTES) {
      fillSectors(at, (int) Math.min(CHUNK_BYTES, end - at));
    }
    long at = end;
    while (at < size) {
      // Up to the next multiple of a chunk, so that all later writes are aligned.
      int count = (int) Math.min(CHUNK_BYTES - at % CHUNK_BYTES, size - at);
      write(at, count);
      at += count;
    }
  }

  private void fillSectors(long position, int length) throws IOException {
    int count = channel.read(present.clear().limit(length), position);
    int start = 0;
    for (int sector = 0; sector < count; sector += SECTOR_BYTES) {
      int sectorEnd = Math.min(sector + SECTOR_BYTES, count);
      if (Arrays.mismatch(present.array(), sector, sectorEnd, zeros.array(), sector, sectorEnd)
          >= 0) {
        write(position + start, sector - start);
        start = sectorEnd;
      }
    }
    write(position + start, Math.max(0, count - start));
  }

  private void write(long position, int count) throws IOException {
    channel.write(zeros.clear().limit(count), position);
  }
}
