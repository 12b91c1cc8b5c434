package io.sawlog.log.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PosixTest {
  @TempDir Path directory;

  @BeforeEach
  void needLinux() {
    assumeTrue(Shell.isLinux(), "skipped: these are system calls of Linux");
  }

  @Test
  void shouldBeLoadedOnce() {
    Posix posix = Posix.load();

    assertNotNull(posix);
    assertSame(posix, Posix.load());
    assertSame(posix, Posix.loaded());
  }

  @Test
  void shouldSayNothingWhenItIsLoadedAndUsed() throws IOException {
    List<String> output = Child.run(PosixChild.class, "load", directory.resolve("a").toString());

    assertEquals(List.of("loaded"), output);
  }

  @Test
  void shouldNotTrustALibraryThatDoesNothing() throws IOException {
    Path file = directory.resolve("a");

    List<String> output = Child.run(PosixChild.class, "noop", file.toString());

    assertEquals(List.of("absent"), output);
    assertTrue(Bytes.allocated(file) >= 1 << 20);
  }

  @Test
  void shouldReportErrorNumbers() throws IOException {
    Posix posix = Posix.load();
    Path file = Files.createFile(directory.resolve("a"));

    try (PosixFile readOnly = posix.open(file, false, DiskIdentity.of(file))) {
      assertEquals(-Posix.ENXIO, readOnly.nextData(0));
      assertTrue(readOnly.allocate(4096) < 0);
    }
    assertEquals(0, Files.size(file));
    assertEquals(-Posix.EINVAL, posix.madvise(1, 4096, Posix.MADV_RANDOM));
  }

  @Test
  void shouldOpenOnlyTheFileThatWasMeant() throws IOException {
    Posix posix = Posix.load();
    Path file = Files.createFile(directory.resolve("a"));
    Path other = Files.createFile(directory.resolve("b"));

    assertNull(posix.open(file, true, DiskIdentity.of(other)));
    assertNull(posix.open(directory.resolve("c"), true, DiskIdentity.of(other)));
  }

  @Test
  void shouldAdviseMappedPages() throws IOException {
    try (StorageFile file = Calls.POSIX.storage().create(directory.resolve("a"))) {
      file.allocate(1 << 20);
      MappedRegion region = file.map(1 << 20);
      UnsafeBuffer buffer = region.buffer();

      int populated =
          Posix.load().madvise(buffer.addressOffset(), 1 << 20, Posix.MADV_POPULATE_WRITE);

      // Kernels before 5.14 do not know this advice.
      assertTrue(populated == 0 || populated == -Posix.EINVAL);
      region.unmap();
    }
  }
}
