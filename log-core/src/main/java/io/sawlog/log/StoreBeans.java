package io.sawlog.log;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToLongFunction;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * The MBeans of a store that this process writes. A store is written once at a time, so its
 * directory makes the names unique. Loaded only if somebody wants MBeans: a runtime may lack the
 * module {@code java.management}. Thread-safe.
 *
 * <p>A store works without its MBeans, so what goes wrong here is only reported.
 */
final class StoreBeans implements StoreMXBean {
  private static final System.Logger LOGGER = System.getLogger("io.sawlog");

  private final Path directory;
  private final Map<OpenPartition, PartitionFigures> partitions = new ConcurrentHashMap<>();

  private StoreBeans(Path directory) {
    this.directory = directory;
  }

  /** Shows a store, which has no partition yet. */
  static StoreBeans register(Path directory) {
    StoreBeans beans = new StoreBeans(directory);
    beans.register("type=Store", "", beans);
    return beans;
  }

  /** Shows a partition. */
  void add(OpenPartition partition) {
    PartitionFigures figures = new PartitionFigures(partition);
    partitions.put(partition, figures);
    register("type=Partition", key(partition), figures);
  }

  /** Shows a partition no longer, if it was shown. */
  void remove(OpenPartition partition) {
    if (partitions.remove(partition) != null) {
      unregister("type=Partition", key(partition));
    }
  }

  /** Shows the store no longer, nor any partition that is left. */
  void close() {
    List.copyOf(partitions.keySet()).forEach(this::remove);
    unregister("type=Store", "");
  }

  private static String key(OpenPartition partition) {
    return ",topic=" + partition.place().topic() + ",partition=" + partition.place().number();
  }

  private ObjectName name(String type, String key) throws JMException {
    return new ObjectName(
        "io.sawlog:" + type + ",store=" + ObjectName.quote(directory.toString()) + key);
  }

  private void register(String type, String key, Object bean) {
    try {
      ManagementFactory.getPlatformMBeanServer().registerMBean(bean, name(type, key));
    } catch (JMException | RuntimeException e) {
      LOGGER.log(System.Logger.Level.WARNING, "no MBean for " + type + key + " of " + directory, e);
    }
  }

  private void unregister(String type, String key) {
    try {
      ManagementFactory.getPlatformMBeanServer().unregisterMBean(name(type, key));
    } catch (JMException | RuntimeException e) {
      LOGGER.log(
          System.Logger.Level.WARNING, "MBean " + type + key + " of " + directory + " remains", e);
    }
  }

  @Override
  public String getDirectory() {
    return directory.toString();
  }

  @Override
  public int getPartitionCount() {
    return partitions.size();
  }

  @Override
  public int getFailedPartitions() {
    return (int) sum(partition -> partition.isFailed() ? 1 : 0);
  }

  @Override
  public long getRefusedAppends() {
    return sum(PartitionFigures::getRefusedAppends);
  }

  @Override
  public long getSizeBytes() {
    return sum(PartitionFigures::getSizeBytes);
  }

  @Override
  public int getRecoveredPartitions() {
    return (int) sum(partition -> partition.getRecovery().isEmpty() ? 0 : 1);
  }

  private long sum(ToLongFunction<PartitionFigures> figure) {
    return partitions.values().stream().mapToLong(figure).sum();
  }
}
