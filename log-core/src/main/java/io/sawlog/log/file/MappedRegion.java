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
   * Says that no thread will store to a range any more. Its bytes stay, also for readers of the
   * mapping, but the process gives up its direct way to them, so that a flush of many pages need
   * not take it away page by page. A hint.
   *
   * @param position the first byte
   * @param length the number of bytes; only whole pages in the range count
   */
  default void leave(int position, int length) {
    // nothing is gained where memory is not paged
  }

  /** Ends the mapping. Calling it again does nothing. */
  void unmap();
}
