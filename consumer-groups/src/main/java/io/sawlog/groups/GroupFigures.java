package io.sawlog.groups;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import javax.management.JMException;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;

/**
 * The MBean of a hosted group. A group has one host at a time, so its store and its name make the
 * name unique. Loaded only if somebody wants MBeans: a runtime may lack the module {@code
 * java.management}. Thread-safe.
 *
 * <p>A group works without its MBean, so what goes wrong with that is only reported.
 */
final class GroupFigures implements GroupMXBean {
  private static final System.Logger LOGGER = System.getLogger("io.sawlog");
  private static final long FRESH_NS = TimeUnit.SECONDS.toNanos(1);

  private final GroupAdmin admin;
  private final Path store;
  private final Hosts.Hosted hosted;
  private @Nullable GroupDescription described;
  private long describedNs;

  private GroupFigures(GroupEnvironment environment, Hosts.Hosted hosted) {
    this.admin = new GroupAdmin(environment);
    this.store = environment.log().directory();
    this.hosted = hosted;
  }

  /** Shows a group that has just been opened. */
  static GroupFigures register(GroupEnvironment environment, Hosts.Hosted hosted) {
    GroupFigures figures = new GroupFigures(environment, hosted);
    try {
      ManagementFactory.getPlatformMBeanServer().registerMBean(figures, figures.name());
    } catch (JMException | RuntimeException e) {
      LOGGER.log(System.Logger.Level.WARNING, "no MBean for group " + figures.getGroup(), e);
    }
    return figures;
  }

  /** Shows it no longer. */
  void unregister() {
    try {
      ManagementFactory.getPlatformMBeanServer().unregisterMBean(name());
    } catch (JMException | RuntimeException e) {
      LOGGER.log(System.Logger.Level.WARNING, "the MBean of group " + getGroup() + " remains", e);
    }
  }

  private ObjectName name() throws JMException {
    String quoted = ObjectName.quote(store.toString());
    return new ObjectName("io.sawlog:type=Group,store=" + quoted + ",group=" + getGroup());
  }

  /** Who asks for all attributes reads the files of the group once. */
  private synchronized GroupDescription described() {
    GroupDescription present = described;
    long now = System.nanoTime();
    if (present == null || now - describedNs >= FRESH_NS) {
      present = admin.describe(getGroup());
      described = present;
      describedNs = now;
    }
    return present;
  }

  @Override
  public String getGroup() {
    return hosted.host().name();
  }

  @Override
  public String getType() {
    return hosted.host().options().type().name();
  }

  @Override
  public long getLagRecords() {
    return described().lag().records();
  }

  @Override
  public long getLagMs() {
    return described().lag().age().toMillis();
  }

  @Override
  public long getInFlight() {
    return described().partitions().stream().mapToLong(PartitionDescription::inFlight).sum();
  }

  @Override
  public long getFailing() {
    return described().partitions().stream().mapToLong(PartitionDescription::failing).sum();
  }

  @Override
  public long getDeadLetters() {
    return described().deadLetters();
  }

  @Override
  public long getRedrivable() {
    return described().redrivable();
  }

  @Override
  public int getMembers() {
    return described().members().size();
  }

  @Override
  public boolean isPaused() {
    return described().status() == GroupStatus.PAUSED;
  }

  @Override
  public boolean isResting() {
    return hosted.isResting();
  }
}
