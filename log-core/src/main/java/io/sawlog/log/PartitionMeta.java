package io.sawlog.log;

import io.sawlog.log.file.Storage;
import io.sawlog.log.file.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The file {@code partition.meta}: two slots for the {@link PartitionState}, written in turn and
 * forced, so that a torn write leaves the other one; and a page of {@link Hints}, never forced.
 *
 * <p>Thread-safe.
 */
final class PartitionMeta implements AutoCloseable {
  static final String FILE_NAME = "partition.meta";

  private static final int PAGE = 4096;
  private static final int HINTS_AT = 2 * PAGE;
  private static final int LENGTH = 3 * PAGE;

  private final StorageFile file;
  private final boolean slotDamaged;
  private PartitionState state;

  private PartitionMeta(StorageFile file, PartitionState state, boolean slotDamaged) {
    this.file = file;
    this.state = state;
    this.slotDamaged = slotDamaged;
  }

  /** Writes the file of a new partition, forced. */
  static void create(Storage storage, Path directory, PartitionState state) throws IOException {
    try (StorageFile file = storage.create(directory.resolve(FILE_NAME))) {
      file.allocate(LENGTH);
      file.write(state.encode(), slotOf(state));
      file.force();
    }
  }

  /**
   * Opens the file of an existing partition.
   *
   * @throws CorruptLogException if neither slot is valid
   * @throws UnsupportedFormatException if a newer version wrote it
   */
  static PartitionMeta open(Storage storage, Path directory, Storage.Access access)
      throws IOException {
    StorageFile file = storage.open(directory.resolve(FILE_NAME), access);
    try {
      List<String> problems = new ArrayList<>();
      PartitionState state = readState(file, problems);
      return new PartitionMeta(file, state, !problems.isEmpty());
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  /**
   * Writes a state into both slots, one after the other, whatever is in them; and hints that agree
   * with it, so that older ones do not count.
   */
  static void restate(Storage storage, Path directory, PartitionState state, Hints hints)
      throws IOException {
    Path path = directory.resolve(FILE_NAME);
    try (StorageFile file =
        storage.exists(path) ? storage.open(path, Storage.Access.WRITE) : storage.create(path)) {
      file.allocate(LENGTH);
      for (PartitionState next : List.of(state, state.withStatus(state.status()))) {
        file.write(next.encode(), slotOf(next));
        file.force();
      }
      file.write(hints.encode(), HINTS_AT);
      file.force();
    }
    storage.forceDirectory(directory);
  }

  /** Makes the hints that are there durable: they are all that tells what was. */
  static void forceHints(Storage storage, Path directory) throws IOException {
    try (StorageFile file = storage.open(directory.resolve(FILE_NAME), Storage.Access.WRITE)) {
      Hints hints = readHints(file);
      if (hints != null) {
        file.write(hints.encode(), HINTS_AT);
        file.force();
      }
    } catch (NoSuchFileException e) {
      // nothing tells it then
    }
  }

  private static PartitionState readState(StorageFile file, List<String> problems)
      throws IOException {
    PartitionState best = bestSlot(file, problems);
    if (best == null) {
      throw new CorruptLogException(
          file.path() + " has no valid slot: " + CorruptLogException.WAY_OUT);
    }
    return best;
  }

  /** The valid slot of the highest generation, null if there is none; says what is wrong. */
  private static @Nullable PartitionState bestSlot(StorageFile file, List<String> problems)
      throws IOException {
    PartitionState best = null;
    for (int slot = 0; slot < 2; slot++) {
      ByteBuffer bytes = read(file, slot * PAGE, PartitionState.LENGTH);
      switch (PartitionState.check(bytes)) {
        case VALID -> {
          PartitionState found = PartitionState.decode(bytes);
          if (best == null || found.generation() > best.generation()) {
            best = found;
          }
        }
        case UNKNOWN_VERSION ->
            throw new UnsupportedFormatException(
                file.path() + " was written by a newer version: open the store with that one");
        case DAMAGED -> {
          // the other slot holds the state before this one
          if (!isZero(bytes)) {
            problems.add("slot " + (slot + 1) + " does not match its checksum");
          }
        }
      }
    }
    return best;
  }

  /** The second slot of a partition that never changed was never written. */
  private static boolean isZero(ByteBuffer bytes) {
    for (int i = 0; i < bytes.limit(); i++) {
      if (bytes.get(i) != 0) {
        return false;
      }
    }
    return true;
  }

  /**
   * Reads what is there, without refusing anything.
   *
   * @param problems what is wrong is added here
   * @return the state, or null if no slot is valid
   */
  static @Nullable PartitionState inspect(StorageFile file, List<String> problems)
      throws IOException {
    PartitionState best = bestSlot(file, problems);
    if (best == null) {
      problems.add("it has no valid slot");
    }
    return best;
  }

  /** Reads the hints page of an open file; null if it is torn or was never written. */
  static @Nullable Hints readHints(StorageFile file) throws IOException {
    return Hints.decode(read(file, HINTS_AT, Hints.LENGTH));
  }

  private static ByteBuffer read(StorageFile file, int position, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    file.read(bytes, position);
    return bytes.flip();
  }

  private static int slotOf(PartitionState state) {
    return (int) (state.generation() % 2) * PAGE;
  }

  synchronized PartitionState state() {
    return state;
  }

  /** Reads the state again, for another process may have written it. */
  synchronized PartitionState reread() throws IOException {
    state = readState(file, new ArrayList<>());
    return state;
  }

  /**
   * Makes a new state durable. The one before stays valid until then.
   *
   * @param next the state, one generation after the present one
   */
  synchronized void write(PartitionState next) throws IOException {
    file.write(next.encode(), slotOf(next));
    file.force();
    state = next;
  }

  /** Writes the present state again, so that it is durable even if forcing it has failed before. */
  synchronized void confirm() throws IOException {
    write(state);
  }

  /** Whether one slot was torn or damaged when the file was opened. */
  boolean isSlotDamaged() {
    return slotDamaged;
  }

  /** Makes a change of the present state durable; changes come one after the other. */
  synchronized void change(UnaryOperator<PartitionState> step) throws IOException {
    PartitionState next = step.apply(state);
    if (!next.equals(state)) {
      write(next);
    }
  }

  void writeHints(Hints hints) throws IOException {
    file.write(hints.encode(), HINTS_AT);
  }

  @Nullable Hints readHints() throws IOException {
    return readHints(file);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  static int crc(ByteBuffer bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.duplicate().limit(length).position(0));
    return (int) crc.getValue();
  }
}
