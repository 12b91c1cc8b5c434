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
  private static final int SMALL_FILE_BYTES = 1 << 20;

  // A write makes one folio, and the flush of one dirty byte later writes its whole folio. Small
  // files stay in memory as pages; in big ones that would take too many calls.
  private static final int SMALL_CHUNK_BYTES = 4 << 10;
  private static final int CHUNK_BYTES = 64 << 10;

  private final UninterruptibleChannel channel;
  private final long size;
  private final ByteBuffer zeros;
  private final ByteBuffer present;

  ZeroFill(UninterruptibleChannel channel, long size) {
    this.channel = channel;
    this.size = size;
    int chunk = size <= SMALL_FILE_BYTES ? SMALL_CHUNK_BYTES : CHUNK_BYTES;
    this.zeros = ByteBuffer.allocate(chunk);
    this.present = ByteBuffer.allocate(chunk);
  }

  void run() throws IOException {
    int chunk = zeros.capacity();
    long end = Math.min(size, channel.size());
    for (long at = 0; at < end; at += chunk) {
      fillSectors(at, (int) Math.min(chunk, end - at));
    }
    long at = end;
    while (at < size) {
      // Up to the next multiple of a chunk, so that all later writes are aligned.
      int count = (int) Math.min(chunk - at % chunk, size - at);
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
