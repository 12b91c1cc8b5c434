package io.sawlog.log.file;

import java.io.IOException;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The bytes of a file in memory, shared with every other mapping and reader of it.
 *
 * <p>Whoever unmaps it must know that no thread touches the buffer any more: access after {@link
 * #unmap} kills the process.
 */
public interface MappedRegion {

  /**
   * The mapped bytes.
   *
   * @return one buffer over the whole region, valid until {@link #unmap}
   */
  UnsafeBuffer buffer();

  /**
   * Makes the bytes of a range durable (and the blocks they lie in; not the length of the file,
   * which {@link StorageFile#force} covers). Not broken by an interrupt.
   *
   * @param position the first byte
   * @param length the number of bytes
   * @throws IOException if the device reported an error. This is final, as for {@link
   *     StorageFile#force}.
   */
  void force(int position, int length) throws IOException;

  /**
   * Takes the page faults of a range now, so that later stores into it do not. A hint; contents do
   * not change, and it may run beside stores of other threads.
   *
   * @param position the first byte
   * @param length the number of bytes
   */
  void populate(int position, int length);

  /**
   * Lets the system take memory for what follows in larger pieces than pages. Without this the
   * flush of one byte writes no more than a page. A hint, and it may run beside stores of other
   * threads.
   *
   * @param position the first byte, a multiple of the page size
   */
  void allowLargePieces(int position);

  /** Ends the mapping. Calling it again does nothing. */
  void unmap();
}
