package io.sawlog.bench;

import io.aeron.archive.Archive;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import net.openhft.chronicle.queue.ChronicleQueue;
import org.apache.kafka.storage.internals.log.UnifiedLog;
import org.openjdk.jmh.util.Version;

/** What a result depends on. */
final class Machine {
  private Machine() {}

  static Map<String, Object> describe(String commit) throws IOException {
    Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("date", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    facts.put("commit", commit);
    facts.put(
        "machine", processor() + ", " + Runtime.getRuntime().availableProcessors() + " cores");
    facts.put("system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    facts.put("file system", Files.getFileStore(temporary).type() + " at " + temporary);
    facts.put("load at the start", loadAverage());
    facts.put("java", System.getProperty("java.runtime.version"));
    facts.put("chronicle-queue", versionOf(ChronicleQueue.class));
    facts.put("kafka-storage", versionOf(UnifiedLog.class));
    facts.put("aeron-archive", versionOf(Archive.class));
    facts.put("jmh", Version.getPlainVersion());
    return facts;
  }

  static String loadAverage() {
    return String.format(
        Locale.ROOT, "%.1f", ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
  }

  private static String processor() throws IOException {
    Path file = Path.of("/proc/cpuinfo");
    if (!Files.exists(file)) {
      return System.getProperty("os.arch", "");
    }
    try (Stream<String> lines = Files.lines(file)) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).trim())
          .findFirst()
          .orElse(System.getProperty("os.arch", ""));
    }
  }

  private static String versionOf(Class<?> type) {
    String jar =
        Path.of(type.getProtectionDomain().getCodeSource().getLocation().getPath())
            .getFileName()
            .toString();
    return jar.substring(jar.lastIndexOf('-') + 1, jar.length() - ".jar".length());
  }
}
