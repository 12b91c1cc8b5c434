package io.sawlog.log.file;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * An open file, read and written by position.
 *
 * <p>Any number of threads may read at once; writing, allocating and closing belong to one thread
 * at a time. A file stays readable after its name was deleted.
 */
public interface StorageFile extends Closeable {

  /**
   * Names the file.
   *
   * @return the path it was opened with
   */
  Path path();

  /**
   * Measures the file.
   *
   * @return its length in bytes
   * @throws IOException if it cannot be determined
   */
  long size() throws IOException;

  /**
   * Reads until {@code target} is full or the file ends.
   *
   * @param target the bytes go from its position to its limit; direct buffers are read without a
   *     copy
   * @param position where to start in the file, in bytes
   * @return how many bytes were read, 0 at or behind the end of the file
   * @throws IOException if the device cannot deliver the bytes; nothing else is harmed
   */
  int read(ByteBuffer target, long position) throws IOException;

  /**
   * Writes all remaining bytes of {@code source}, extending the file if needed.
   *
   * @param source the bytes from its position to its limit
   * @param position where to start in the file, in bytes
   * @throws NoSpaceException if the disk is full
   * @throws IOException if the bytes could not be written
   */
  void write(ByteBuffer source, long position) throws IOException;

  /**
   * Gives the file real blocks for every byte below {@code size}, all of which read as zero where
   * nothing was written, and sets its length to {@code size} if it is shorter. After this, stores
   * through a mapping cannot fail for want of space.
   *
   * @param size the bytes that need blocks
   * @throws NoSpaceException if the disk is full; blocks that were taken may stay until the file is
   *     deleted
   * @throws IOException if it failed for another reason
   */
  void allocate(long size) throws IOException;

  /**
   * Returns the blocks of a range to the file system; the range then reads as zero, and the length
   * of the file stays. A hint: nothing happens where this is not supported.
   *
   * @param position the first byte
   * @param length the number of bytes
   */
  void punchHole(long position, long length);

  /**
   * Finds the next byte that may hold something other than zero.
   *
   * @param position where to start looking, in bytes
   * @return the position of the next byte that is not in a hole ({@code position} itself where
   *     holes cannot be seen), or the length of the file if only a hole follows
   * @throws IOException if it cannot be determined
   */
  long nextData(long position) throws IOException;

  /**
   * Maps the file for reading and writing from its first byte. The mapping survives the closing of
   * the file. It is advised for small folios, so that a flush of a few bytes writes few bytes. Map
   * a file before renaming it: it is found by the name it was opened with (a wrong one is noticed).
   *
   * @param length bytes to map, all of them allocated
   * @return the mapping, to be unmapped by the caller
   * @throws IOException if it cannot be mapped
   */
  MappedRegion map(int length) throws IOException;

  /**
   * Makes the content and the length durable.
   *
   * @throws IOException if the device reported an error. This is final: the operating system may
   *     call the lost pages clean, so that a second call succeeds without them.
   */
  void force() throws IOException;

  @Override
  void close() throws IOException;
}
