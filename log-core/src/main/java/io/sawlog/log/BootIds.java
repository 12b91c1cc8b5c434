package io.sawlog.log;

import java.util.UUID;

/** Boot ids as the meta file stores them. */
final class BootIds {
  private BootIds() {}

  /** The id as a UUID; {@link PartitionState#UNKNOWN_BOOT}, which equals no boot, for no id. */
  static UUID parse(String bootId) {
    return bootId.isEmpty() ? PartitionState.UNKNOWN_BOOT : UUID.nameUUIDFromBytes(bytes(bootId));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
  }
}
