package io.sawlog.log;

/**
 * The hash by which keys choose partitions: MurmurHash2 (Austin Appleby, public domain) with the
 * seed and the sign handling of Kafka's default partitioner, so that a topic that was migrated
 * keeps its partitions.
 *
 * @see <a
 *     href="https://github.com/aappleby/smhasher/blob/master/src/MurmurHash2.cpp">MurmurHash2</a>
 */
final class Murmur2 {
  private static final int SEED = 0x9747b28c;
  private static final int M = 0x5bd1e995;
  private static final int R = 24;

  private Murmur2() {}

  /** The partition of a key. */
  static int partition(byte[] key, int partitions) {
    return (hash(key) & Integer.MAX_VALUE) % partitions;
  }

  static int hash(byte[] key) {
    int hash = SEED ^ key.length;
    int whole = key.length & ~3;
    for (int i = 0; i < whole; i += 4) {
      int word =
          (key[i] & 0xFF)
              | (key[i + 1] & 0xFF) << 8
              | (key[i + 2] & 0xFF) << 16
              | (key[i + 3] & 0xFF) << 24;
      word *= M;
      word ^= word >>> R;
      word *= M;
      hash = (hash * M) ^ word;
    }
    for (int i = key.length - 1; i >= whole; i--) {
      hash ^= (key[i] & 0xFF) << (8 * (i - whole));
    }
    if (whole < key.length) {
      hash *= M;
    }
    hash ^= hash >>> 13;
    hash *= M;
    hash ^= hash >>> 15;
    return hash;
  }
}
