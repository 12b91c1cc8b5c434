package io.sawlog.log;

import static io.sawlog.log.Logs.utf8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The partition of a key is the one that Kafka's default partitioner chooses.
 *
 * @see <a
 *     href="https://github.com/apache/kafka/blob/3.9.0/clients/src/test/java/org/apache/kafka/common/utils/UtilsTest.java">The
 *     hashes are from {@code UtilsTest.testMurmur2} of Apache Kafka</a>
 */
class KeyPartitionerTest {

  @ParameterizedTest
  @CsvSource({
    "21, -973932308",
    "foobar, -790332482",
    "a-little-bit-long-string, -985981536",
    "a-little-bit-longer-string, -1486304829",
    "lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8, -58897971",
    "abc, 479470107"
  })
  void shouldHashAsKafkaDoes(String key, int hash) {
    assertEquals(hash, Murmur2.hash(utf8(key)));
  }

  @Test
  void shouldChooseThePartitionAsKafkaDoes() {
    for (int partitions = 1; partitions < 50; partitions++) {
      assertEquals(
          (-973932308 & 0x7fffffff) % partitions, Murmur2.partition(utf8("21"), partitions));
      assertEquals(479470107 % partitions, Murmur2.partition(utf8("abc"), partitions));
    }
  }

  @Test
  void shouldChooseAPartitionForEveryKey() {
    Random random = new Random(1);
    for (int i = 0; i < 10_000; i++) {
      byte[] key = new byte[random.nextInt(40)];
      random.nextBytes(key);

      int partition = Murmur2.partition(key, 7);

      assertTrue(partition >= 0 && partition < 7);
    }
  }

  @Test
  void shouldHashBytesAsKafkaDoes() {
    assertEquals(274204207, Murmur2.hash(new byte[] {12, 42, 56, 24, 109, 111}));
    assertEquals(275646681, Murmur2.hash(new byte[0]));
  }

  @Test
  void shouldTakeBytesAboveAsciiAsUnsigned() {
    // bytes that differ in their sign only must not become the same word
    assertTrue(Murmur2.hash(new byte[] {-1}) != Murmur2.hash(new byte[] {1}));
    assertTrue(Murmur2.hash(new byte[] {-1, 0, 0, 0}) != Murmur2.hash(new byte[] {-1, -1, -1, -1}));
  }
}
