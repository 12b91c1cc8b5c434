package io.sawlog.log.sim;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.SplittableRandom;

/**
 * A file three times: what the process sees, what the kernel believes to have written, and what the
 * disk holds. A page is dirty if memory and belief differ, which is found by comparing, so that
 * nobody has to intercept stores.
 */
final class FileImage {
  static final int PAGE = 4096;
  static final int SECTOR = 512;

  private static final byte[] ZEROS = new byte[PAGE];

  final long inode;

  /** Direct from the first mapping on. */
  private ByteBuffer memory = ByteBuffer.allocate(0);

  int length;
  int stableLength;

  /** Pages are never changed, only replaced, so images can share them; null stands for zeros. */
  private byte[][] clean = {};

  private byte[][] stable = {};

  /** Pages that were written to, perhaps with what they held already: the kernel can't tell. */
  private BitSet written = new BitSet();

  FileImage(long inode) {
    this.inode = inode;
  }

  /** The same file in the same page cache. */
  FileImage copy() {
    FileImage copy = new FileImage(inode);
    copy.memory = copyOf(memory, memory.capacity(), false);
    copy.length = length;
    copy.stableLength = stableLength;
    copy.clean = clean.clone();
    copy.stable = stable.clone();
    copy.written = (BitSet) written.clone();
    return copy;
  }

  private static ByteBuffer copyOf(ByteBuffer bytes, int capacity, boolean direct) {
    ByteBuffer copy = direct ? ByteBuffer.allocateDirect(capacity) : ByteBuffer.allocate(capacity);
    return copy.put(0, bytes, 0, bytes.capacity());
  }

  ByteBuffer map() {
    if (!memory.isDirect()) {
      memory = copyOf(memory, memory.capacity(), true);
    }
    return memory;
  }

  int read(ByteBuffer target, long position) {
    int count = (int) Math.max(0, Math.min(target.remaining(), length - position));
    if (count > 0) {
      target.put(memory.slice((int) position, count));
    }
    return count;
  }

  void write(ByteBuffer source, int position, int count) {
    memory.put(position, source, source.position(), count);
    source.position(source.position() + count);
    wrote(position, position + count);
  }

  void clear(int from, int to) {
    memory.put(from, new byte[to - from]);
  }

  /** The page of the next byte that is not zero, or the end of the file. */
  int nextData(int from) {
    for (int page = from / PAGE; page < pages(); page++) {
      if (!holds(null, page)) {
        return Math.max(from, page * PAGE);
      }
    }
    return length;
  }

  void grow(int newLength) {
    if (newLength <= length) {
      return;
    }
    int pages = (newLength + PAGE - 1) / PAGE;
    if (pages * PAGE > memory.capacity()) {
      if (memory.isDirect()) {
        throw new IllegalStateException("a mapped file grows from " + length + " to " + newLength);
      }
      memory = copyOf(memory, pages * PAGE, false);
      clean = Arrays.copyOf(clean, pages);
      stable = Arrays.copyOf(stable, pages);
    }
    length = newLength;
  }

  /** Notes that bytes were written by a call, whether they differ or not. */
  private void wrote(int from, int to) {
    if (to > from) {
      written.set(from / PAGE, (to - 1) / PAGE + 1);
    }
  }

  int pages() {
    return clean.length;
  }

  /** Changes the file on the disk and in the cache at once. */
  void damage(java.util.function.Consumer<byte[]> change) {
    byte[] bytes = new byte[length];
    memory.get(0, bytes);
    change.accept(bytes);
    memory.put(0, bytes);
    force(0, length);
  }

  boolean isDirty(int page) {
    return written.get(page) || !holds(clean[page], page);
  }

  private boolean holds(byte[] image, int page) {
    byte[] bytes = image == null ? ZEROS : image;
    return memory.slice(page * PAGE, PAGE).mismatch(ByteBuffer.wrap(bytes)) < 0;
  }

  private byte[] snapshot(int page) {
    if (holds(null, page)) {
      return null;
    }
    byte[] bytes = new byte[PAGE];
    memory.get(page * PAGE, bytes);
    return bytes;
  }

  /** Writes one page to the disk, if it is dirty. */
  void writeBack(int page) {
    if (isDirty(page)) {
      byte[] now = snapshot(page);
      clean[page] = now;
      stable[page] = now;
      written.clear(page);
    }
  }

  /** Flushes the pages that overlap a range. */
  void force(int from, int to) {
    for (int page = from / PAGE; page < pages() && page * PAGE < to; page++) {
      writeBack(page);
    }
  }

  void forceLength() {
    stableLength = length;
  }

  /** Fails to flush: the kernel calls the pages clean, and an unknown part of them is written. */
  void loseFlush(int from, int to, SplittableRandom random) {
    double kept = keep(random);
    for (int page = from / PAGE; page < pages() && page * PAGE < to; page++) {
      if (isDirty(page)) {
        byte[] now = snapshot(page);
        clean[page] = now;
        stable[page] = mix(stable[page], now, kept, random);
        written.clear(page);
      }
    }
  }

  /** Forgets a clean page, so that it is read from the disk again. */
  void evict(int page) {
    if (!isDirty(page) && stable[page] != clean[page]) {
      byte[] bytes = stable[page] == null ? ZEROS : stable[page];
      memory.put(page * PAGE, bytes);
      clean[page] = stable[page];
    }
  }

  boolean hasLostFlush(int page) {
    return !isDirty(page) && stable[page] != clean[page];
  }

  /** What is found after the power was lost. */
  FileImage afterPowerCut(SplittableRandom random) {
    FileImage found = new FileImage(inode);
    int survived = length;
    if (stableLength != length) {
      int low = Math.min(stableLength, length);
      survived =
          switch (random.nextInt(3)) {
            case 0 -> stableLength;
            case 1 -> length;
            default -> low + random.nextInt(Math.abs(length - stableLength) + 1);
          };
    }
    found.grow(survived);
    found.stableLength = survived;
    double kept = keep(random);
    for (int page = 0; page < found.pages(); page++) {
      byte[] bytes = stable[page];
      if (isDirty(page)) {
        bytes = mix(bytes, snapshot(page), kept, random);
      }
      if (bytes != null) {
        found.memory.put(page * PAGE, bytes);
      }
    }
    found.clear(survived, found.memory.capacity());
    for (int page = 0; page < found.pages(); page++) {
      byte[] bytes = found.snapshot(page);
      found.clean[page] = bytes;
      found.stable[page] = bytes;
    }
    return found;
  }

  /** How likely a sector is to be written: none, all, and anything between are all of interest. */
  static double keep(SplittableRandom random) {
    return switch (random.nextInt(6)) {
      case 0 -> 0;
      case 1 -> 1;
      case 2 -> 0.95;
      case 3 -> 0.05;
      default -> random.nextDouble();
    };
  }

  private static byte[] mix(byte[] old, byte[] now, double kept, SplittableRandom random) {
    byte[] before = old == null ? ZEROS : old;
    byte[] after = now == null ? ZEROS : now;
    byte[] mixed = before.clone();
    for (int sector = 0; sector < PAGE; sector += SECTOR) {
      if (random.nextInt(16) == 0) {
        int cut = random.nextInt(SECTOR + 1);
        boolean front = random.nextBoolean();
        int from = front ? sector : sector + cut;
        System.arraycopy(after, from, mixed, from, front ? cut : SECTOR - cut);
      } else if (random.nextDouble() < kept) {
        System.arraycopy(after, sector, mixed, sector, SECTOR);
      }
    }
    return Arrays.equals(mixed, ZEROS) ? null : mixed;
  }
}
