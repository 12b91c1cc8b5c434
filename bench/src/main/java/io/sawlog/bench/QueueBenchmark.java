package io.sawlog.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.sawlog.groups.Delivery;
import io.sawlog.groups.Groups;
import io.sawlog.groups.Queue;
import io.sawlog.groups.Worker;
import java.time.Duration;
import java.util.AbstractMap.SimpleImmutableEntry;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.params.XAddParams;
import redis.clients.jedis.params.XReadGroupParams;

/**
 * Question: how long does a record of 100 bytes take in a work queue, that is to be received and
 * acknowledged in batches of 100 by one worker, from a backlog?
 *
 * <p>Redis is in another process, on loopback: that is how it is used. A backlog that is used up is
 * there again with a new group.
 */
public class QueueBenchmark extends Contest {
  private static final int BATCH = 100;

  /** The backlog. */
  @State(Scope.Benchmark)
  public static class Size {
    /** How many records it has. */
    @Param("1000000")
    public int records;
  }

  /** A log, a group and a worker. */
  @State(Scope.Benchmark)
  public static class SawlogState {
    private final SawlogLog log = new SawlogLog();
    private final Groups groups = log.groups();
    private Worker worker = worker(0);
    private int number;

    /** Writes the backlog. */
    @Setup
    public void fill(Size size) {
      for (int i = 0; i < size.records; i++) {
        log.append();
      }
      log.flush();
    }

    /** Each iteration has the whole backlog before it. */
    @Setup(Level.Iteration)
    public void renew() {
      worker.close();
      number++;
      worker = worker(number);
    }

    private Worker worker(int group) {
      return groups.worker("workers-" + group, SawlogLog.TOPIC, Queue.unordered());
    }

    private List<Delivery> receive() {
      List<Delivery> received = worker.receive(BATCH, Duration.ZERO);
      if (received.size() < BATCH) {
        renew();
        return receive();
      }
      return received;
    }

    /** Ends it. */
    @TearDown
    public void close() {
      worker.close();
      log.close();
    }
  }

  /** Sawlog. */
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public Object sawlog(SawlogState state) {
    List<Delivery> received = state.receive();
    return state.worker.ack(received);
  }

  /** A stream, a group and a consumer. */
  @State(Scope.Benchmark)
  public static class RedisState {
    private static final byte[] STREAM = "bench".getBytes(US_ASCII);
    private static final byte[] FIELD = "value".getBytes(US_ASCII);
    private static final byte[] CONSUMER = "consumer".getBytes(US_ASCII);

    private final RedisServer server = new RedisServer();
    private final Jedis client = server.connect();
    private final Map.Entry<byte[], byte[]> unread =
        new SimpleImmutableEntry<>(STREAM, ">".getBytes(US_ASCII));
    private byte[] group = new byte[0];
    private int number;

    /** Writes the backlog. */
    @Setup
    public void fill(Size size) {
      Map<byte[], byte[]> record = Map.of(FIELD, Payload.bytes());
      try (Pipeline pipeline = client.pipelined()) {
        for (int i = 0; i < size.records; i++) {
          pipeline.xadd(STREAM, XAddParams.xAddParams(), record);
          if (i % BATCH == 0) {
            pipeline.sync();
          }
        }
      }
    }

    /** Each iteration has the whole backlog before it. */
    @Setup(Level.Iteration)
    public void renew() {
      if (group.length > 0) {
        client.xgroupDestroy(STREAM, group);
      }
      number++;
      group = ("workers-" + number).getBytes(US_ASCII);
      client.xgroupCreate(STREAM, group, "0".getBytes(US_ASCII), false);
    }

    @SuppressWarnings("unchecked") // an array of entries, as the client wants it
    private byte[][] receive() {
      List<Object> answer =
          client.xreadGroup(
              group, CONSUMER, XReadGroupParams.xReadGroupParams().count(BATCH), unread);
      List<?> entries = answer == null ? List.of() : (List<?>) ((List<?>) answer.get(0)).get(1);
      if (entries.size() < BATCH) {
        renew();
        return receive();
      }
      return entries.stream()
          .map(entry -> (byte[]) ((List<?>) entry).get(0))
          .toArray(byte[][]::new);
    }

    /** Ends it. */
    @TearDown
    public void close() {
      client.close();
      server.close();
    }
  }

  /** Redis Streams. */
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public long redis(RedisState state) {
    byte[][] received = state.receive();
    return state.client.xack(RedisState.STREAM, state.group, received);
  }
}
