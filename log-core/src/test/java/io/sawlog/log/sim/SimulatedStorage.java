package io.sawlog.log.sim;

import io.sawlog.log.file.Storage;
import io.sawlog.log.file.StorageFile;
import io.sawlog.log.file.StorageLock;
import io.sawlog.log.sim.Faults.Operation;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;

/**
 * A disk, the page cache before it, and the process on top, of which each can end by itself: {@link
 * #afterKill} gives the machine without the process, {@link #afterPowerCut} the disk without the
 * cache. What was not flushed is then old, new or torn, sector by sector, name by name.
 *
 * <p>The process can be killed at any call and at any store into mapped memory ({@link #crashAt});
 * something else can be made to happen there ({@link #interrupt}). Deterministic for one thread.
 */
public final class SimulatedStorage implements Storage {
  private static final int SPEECHLESS_TICKS = 1;
  private static final int WORD = 8;

  private final SplittableRandom random;
  private final String bootId;
  private final Directory root;
  private final Journal journal;
  private final Set<Path> locks = new HashSet<>();
  private final boolean holesVisible;
  private Faults faults = Faults.NONE;
  private long operations;
  private long mutations;
  private long ticks;
  private long failedFlushTick = Long.MIN_VALUE / 2;
  private long crashTick = Long.MAX_VALUE;
  private long interruptTick = Long.MAX_VALUE;
  private Runnable interruption = () -> {};
  private boolean claimed;
  private SimulatedStorage killed;
  private int openFiles;
  private int mappings;
  private long nextInode;

  private SimulatedStorage(
      SplittableRandom random, String bootId, Directory root, Journal journal, long nextInode) {
    this.random = random;
    this.bootId = bootId;
    this.root = root;
    this.journal = journal;
    this.nextInode = nextInode;
    this.holesVisible = random.nextBoolean();
  }

  /** An empty disk. */
  public static SimulatedStorage empty(SplittableRandom random) {
    return new SimulatedStorage(random, newBoot(random), new Directory(), new Journal(), 1);
  }

  private static String newBoot(SplittableRandom random) {
    return new UUID(random.nextLong(), random.nextLong()).toString();
  }

  /** The machine without the process: what a kill at this instant leaves. */
  public synchronized SimulatedStorage afterKill() {
    return killed != null ? killed : copy();
  }

  /** An independent copy of the machine, page cache included, without the locks. */
  public synchronized SimulatedStorage copy() {
    Map<Object, Object> copies = new HashMap<>();
    Directory copiedRoot = copy(root, copies);
    for (Journal.Change change : journal.pending()) {
      copy(change.removedFrom(), copies);
      copy(change.addedTo(), copies);
      if (change.node() instanceof Directory directory) {
        copy(directory, copies);
      } else {
        copies.computeIfAbsent(change.node(), node -> ((FileImage) node).copy());
      }
    }
    Journal copiedJournal = new Journal();
    journal.copyTo(copiedJournal, copies);
    return new SimulatedStorage(random.split(), bootId, copiedRoot, copiedJournal, nextInode);
  }

  private static Directory copy(Directory directory, Map<Object, Object> copies) {
    if (directory == null) {
      return null;
    }
    if (copies.get(directory) instanceof Directory known) {
      return known;
    }
    Directory copy = new Directory();
    copies.put(directory, copy);
    directory.entries.forEach((name, node) -> copy.entries.put(name, copyNode(node, copies)));
    directory.stable.forEach((name, node) -> copy.stable.put(name, copyNode(node, copies)));
    return copy;
  }

  private static Object copyNode(Object node, Map<Object, Object> copies) {
    if (node instanceof Directory directory) {
      return copy(directory, copies);
    }
    Object known = copies.get(node);
    if (known == null) {
      known = ((FileImage) node).copy();
      copies.put(node, known);
    }
    return known;
  }

  /**
   * The disk without the cache: what a power cut at this instant leaves. This storage is used up.
   */
  public SimulatedStorage afterPowerCut() {
    return afterPowerCut(newBoot(random));
  }

  /** As {@link #afterPowerCut}, but the machine believes that it was not booted since. */
  public SimulatedStorage afterUnnoticedPowerCut() {
    return afterPowerCut(bootId);
  }

  private synchronized SimulatedStorage afterPowerCut(String newBootId) {
    SimulatedStorage machine = killed != null ? killed : this;
    machine.journal.settle(machine.random);
    Map<Object, Object> found = new HashMap<>();
    Directory disk = machine.survived(machine.root, found);
    return new SimulatedStorage(
        machine.random.split(), newBootId, disk, new Journal(), machine.nextInode);
  }

  private Directory survived(Directory directory, Map<Object, Object> found) {
    Directory copy = new Directory();
    found.put(directory, copy);
    directory.stable.forEach(
        (name, node) -> {
          Object known = found.get(node);
          if (known == null) {
            known =
                node instanceof Directory child
                    ? survived(child, found)
                    : ((FileImage) node).afterPowerCut(random);
            found.put(node, known);
          }
          copy.entries.put(name, known);
          copy.stable.put(name, known);
        });
    return copy;
  }

  /** Kills the process at a later call or store, this many further on. */
  public void crashAt(long ticksFromNow) {
    crashTick = ticks + ticksFromNow;
  }

  /** If the process is to be killed later, kills it sooner. */
  public void crashSooner(long ticksFromNow) {
    crashTick = Math.min(crashTick, crashTick == Long.MAX_VALUE ? crashTick : ticks + ticksFromNow);
  }

  /**
   * Lets something run, once, in the middle of an append: at a store of it, this many further on,
   * between its claim and its publishing, where no thread holds a lock.
   */
  public void interrupt(long ticksFromNow, Runnable what) {
    interruptTick = ticks + ticksFromNow;
    interruption = what;
  }

  /** Forgets what {@link #crashAt} and {@link #interrupt} have planned. */
  public void calm() {
    crashTick = Long.MAX_VALUE;
    interruptTick = Long.MAX_VALUE;
  }

  /** Forgets what {@link #interrupt} has planned. */
  public void calmInterrupt() {
    interruptTick = Long.MAX_VALUE;
  }

  /** Throws if the process was killed: the background catches everything. */
  public void checkAlive() {
    if (killed != null) {
      throw new SimulatedCrash();
    }
  }

  /** Whether the process was killed. */
  public boolean isKilled() {
    return killed != null;
  }

  /**
   * Whether the process was killed between a flush that failed and the next call, with which it
   * could have said so: nobody can know of it then.
   */
  public boolean isKilledSpeechless() {
    return killed != null && ticks - failedFlushTick <= SPEECHLESS_TICKS;
  }

  /** How many instants there were at which the process could have been killed. */
  public long ticks() {
    return ticks;
  }

  void onStore() {
    if (killed != null) {
      return;
    }
    long now = ticks++;
    if (now >= interruptTick && claimed) {
      interruptTick = Long.MAX_VALUE;
      claimed = false;
      interruption.run();
      claimed = true;
    }
    if (now >= crashTick) {
      crash();
    }
  }

  void claimed(boolean now) {
    claimed = now;
  }

  /** Ends the process here. */
  public synchronized void crash() {
    if (killed == null) {
      killed = copy();
    }
    throw new SimulatedCrash();
  }

  /**
   * How many bytes of a copy are done when the process is killed in it, or others get to run: whole
   * words of memory, for no processor tears those.
   */
  int beforeCopy(int position, int length) {
    boolean cut = killed == null && (ticks >= crashTick || (claimed && ticks >= interruptTick));
    int end = cut ? (position + random.nextInt(length + 1)) / WORD * WORD : 0;
    return Math.max(0, end - position);
  }

  void operation(Operation operation, Path path) throws IOException {
    if (killed != null) {
      throw new SimulatedCrash();
    }
    onStore();
    IOException failure = faults.of(operation, path, operations++);
    if (failure != null) {
      if (operation.isFlush()) {
        failedFlushTick = ticks;
      }
      throw failure;
    }
  }

  void mutation() {
    mutations++;
  }

  /** How many calls have changed something. */
  public long mutations() {
    return mutations;
  }

  /** How many calls could have failed. */
  public long operations() {
    return operations;
  }

  /** Decides what fails from now on. */
  public void faults(Faults newFaults) {
    faults = newFaults;
  }

  boolean holesVisible() {
    return holesVisible;
  }

  void mapped() {
    mappings++;
  }

  void unmapped() {
    mappings--;
  }

  void closed() {
    openFiles--;
  }

  /** Files, mappings and locks that are open; 0 when nothing leaks. */
  public int open() {
    return openFiles + mappings + locks.size();
  }

  void forceFile(Path path, FileImage image) throws IOException {
    try {
      operation(Operation.FORCE_FILE, path);
    } catch (IOException e) {
      image.loseFlush(0, image.length, random);
      throw e;
    }
    image.force(0, image.length);
    image.forceLength();
  }

  void forceRange(Path path, FileImage image, int from, int to) throws IOException {
    try {
      operation(Operation.FORCE_RANGE, path);
    } catch (IOException e) {
      image.loseFlush(from, to, random);
      throw e;
    }
    image.force(from, to);
  }

  /** The kernel writes back some pages of some files, as it likes. */
  public synchronized void writeBack() {
    double kept = FileImage.keep(random);
    forEachFile(
        root,
        image -> {
          for (int page = 0; page < image.pages(); page++) {
            if (random.nextDouble() < kept) {
              image.writeBack(page);
            }
          }
        });
    if (random.nextInt(4) == 0) {
      journal.settle(random);
    }
  }

  /** The kernel forgets some clean pages, among them such as only seem to be clean. */
  public synchronized void evict() {
    double kept = FileImage.keep(random);
    forEachFile(
        root,
        image -> {
          for (int page = 0; page < image.pages(); page++) {
            if (image.hasLostFlush(page) && random.nextDouble() >= kept) {
              image.evict(page);
            }
          }
        });
  }

  private static void forEachFile(
      Directory directory, java.util.function.Consumer<FileImage> action) {
    for (Object node : directory.entries.values()) {
      if (node instanceof Directory child) {
        forEachFile(child, action);
      } else {
        action.accept((FileImage) node);
      }
    }
  }

  /** Overwrites bytes of a file behind everybody's back, on the disk and in the cache. */
  public synchronized void damage(Path file, java.util.function.Consumer<byte[]> change) {
    ((FileImage) find(file)).damage(change);
  }

  /** All files whose name ends so. */
  public synchronized List<Path> files(Path directory, String suffix) {
    List<Path> found = new ArrayList<>();
    if (find(directory) instanceof Directory present) {
      present.entries.forEach(
          (name, node) -> {
            if (node instanceof Directory) {
              found.addAll(files(directory.resolve(name), suffix));
            } else if (name.endsWith(suffix)) {
              found.add(directory.resolve(name));
            }
          });
    }
    return found;
  }

  private Object find(Path path) {
    Object node = root;
    for (Path name : path.toAbsolutePath().normalize()) {
      node = node instanceof Directory directory ? directory.entries.get(name.toString()) : null;
    }
    return node;
  }

  private Directory parentOf(Path path) throws IOException {
    Path parent = path.toAbsolutePath().normalize().getParent();
    if (find(parent) instanceof Directory directory) {
      return directory;
    }
    throw new NoSuchFileException(path.toString());
  }

  private static String nameOf(Path path) {
    return path.getFileName().toString();
  }

  @Override
  public synchronized StorageFile open(Path file, Access access) throws IOException {
    operation(Operation.OPEN, file);
    if (find(file) instanceof FileImage image) {
      openFiles++;
      return new SimulatedFile(this, file, image, access == Access.WRITE);
    }
    throw new NoSuchFileException(file.toString());
  }

  @Override
  public synchronized StorageFile create(Path file) throws IOException {
    operation(Operation.CREATE, file);
    if (find(file) != null) {
      throw new FileAlreadyExistsException(file.toString());
    }
    FileImage image = new FileImage(nextInode++);
    link(parentOf(file), nameOf(file), image);
    openFiles++;
    return new SimulatedFile(this, file, image, true);
  }

  private void link(Directory parent, String name, Object node) {
    mutations++;
    parent.entries.put(name, node);
    journal.add(new Journal.Change(null, null, parent, name, node));
  }

  @Override
  public synchronized boolean exists(Path path) {
    return find(path) != null;
  }

  @Override
  public synchronized List<String> list(Path directory) throws IOException {
    operation(Operation.LIST, directory);
    Object node = find(directory);
    if (node == null) {
      throw new NoSuchFileException(directory.toString());
    }
    if (node instanceof Directory found) {
      return new ArrayList<>(found.entries.keySet());
    }
    throw new NotDirectoryException(directory.toString());
  }

  @Override
  public synchronized void createDirectory(Path directory) throws IOException {
    operation(Operation.CREATE_DIRECTORY, directory);
    Directory parent = root;
    for (Path name : directory.toAbsolutePath().normalize()) {
      Object node = parent.entries.get(name.toString());
      if (node == null) {
        node = new Directory();
        link(parent, name.toString(), node);
      }
      if (!(node instanceof Directory child)) {
        throw new FileAlreadyExistsException(directory.toString());
      }
      parent = child;
    }
  }

  @Override
  public synchronized void forceDirectory(Path directory) throws IOException {
    operation(Operation.FORCE_DIRECTORY, directory);
    if (!(find(directory) instanceof Directory found)) {
      throw new NoSuchFileException(directory.toString());
    }
    journal.force(found);
  }

  @Override
  public synchronized void rename(Path from, Path to) throws IOException {
    operation(Operation.RENAME, from);
    Object node = find(from);
    if (node == null) {
      throw new NoSuchFileException(from.toString());
    }
    if (find(to) instanceof Directory target && !target.entries.isEmpty()) {
      throw new DirectoryNotEmptyException(to.toString());
    }
    mutations++;
    Directory source = parentOf(from);
    Directory target = parentOf(to);
    source.entries.remove(nameOf(from));
    target.entries.put(nameOf(to), node);
    journal.add(new Journal.Change(source, nameOf(from), target, nameOf(to), node));
  }

  @Override
  public synchronized void delete(Path path) throws IOException {
    operation(Operation.DELETE, path);
    Object node = find(path);
    if (node == null) {
      return;
    }
    if (node instanceof Directory directory && !directory.entries.isEmpty()) {
      throw new DirectoryNotEmptyException(path.toString());
    }
    mutations++;
    Directory parent = parentOf(path);
    parent.entries.remove(nameOf(path));
    journal.add(new Journal.Change(parent, nameOf(path), null, null, node));
  }

  @Override
  public synchronized FileId identity(Path file) throws IOException {
    operation(Operation.IDENTITY, file);
    if (find(file) instanceof FileImage image) {
      return new FileId(1, image.inode);
    }
    throw new NoSuchFileException(file.toString());
  }

  @Override
  public String bootId() {
    return bootId;
  }

  @Override
  public String fileSystemType(Path path) {
    return "ext4";
  }

  @Override
  public synchronized StorageLock tryLock(Path lockFile, String holder) throws IOException {
    operation(Operation.LOCK, lockFile);
    if (!locks.add(lockFile)) {
      return null;
    }
    Directory parent = parentOf(lockFile);
    if (!parent.entries.containsKey(nameOf(lockFile))) {
      link(parent, nameOf(lockFile), new FileImage(nextInode++));
    }
    return () -> unlock(lockFile);
  }

  private synchronized void unlock(Path lockFile) {
    locks.remove(lockFile);
  }

  @Override
  public synchronized String lockHolder(Path lockFile) {
    return locks.contains(lockFile) ? "the simulated writer" : null;
  }
}
