package io.sawlog.log.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;

/** Which file a path leads to at this moment. */
final class DiskIdentity {
  private DiskIdentity() {}

  static Storage.FileId of(Path file) throws IOException {
    try {
      Map<String, Object> unix = Files.readAttributes(file, "unix:dev,ino");
      if (unix.get("dev") instanceof Number device && unix.get("ino") instanceof Number inode) {
        return new Storage.FileId(device.longValue(), inode.longValue());
      }
    } catch (UnsupportedOperationException | IllegalArgumentException e) {
      // Not a unix: what every system has must do.
    }
    BasicFileAttributes basic = Files.readAttributes(file, BasicFileAttributes.class);
    Object key = basic.fileKey();
    // Where files have no key, a copy is told from the original by having been created later.
    return key != null
        ? new Storage.FileId(0, key.hashCode())
        : new Storage.FileId(0, basic.creationTime().toMillis());
  }
}
