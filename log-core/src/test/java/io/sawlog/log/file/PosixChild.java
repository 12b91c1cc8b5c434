package io.sawlog.log.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import net.openhft.posix.PosixAPI;

/** A process that loads the system calls, and says nothing but what was asked. */
final class PosixChild {
  private PosixChild() {}

  public static void main(String[] arguments) throws IOException {
    if (arguments[0].equals("noop")) {
      PosixAPI.useNoOpPosixApi();
    }
    Storage storage = DiskStorage.open();
    boolean there = Posix.load() != null;
    try (StorageFile file = storage.create(Path.of(arguments[1]))) {
      file.write(ByteBuffer.wrap(Bytes.pattern(100)), 70_000);
      file.allocate(1 << 20);
      MappedRegion region = file.map(1 << 20);
      region.populate(0, 1 << 20);
      region.unmap();
      file.nextData(0);
    }
    System.out.println(there ? "loaded" : "absent");
  }
}
