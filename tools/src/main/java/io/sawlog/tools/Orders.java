package io.sawlog.tools;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Random;

/**
 * The orders of an online shop, as many as one likes. The same seed gives the same orders, so that
 * what is read can be compared with what was appended without keeping it.
 */
final class Orders {
  private static final int CUSTOMERS = 500;
  private static final String[] GOODS = {
    "axe",
    "bow saw",
    "chisel",
    "drawknife",
    "felling lever",
    "hookaroon",
    "log tongs",
    "maul",
    "peavey",
    "wedge"
  };

  private static final String NO_ADDRESS = "\"email\":\"\"";

  private final Random random;
  private final long poison;
  private long number;
  private String customer = "";
  private String order = "";

  /**
   * Starts before the first order.
   *
   * @param seed decides what is ordered
   * @param firstNumber the number of the first order
   * @param poison the number of the one order that has no address to send an e-mail to
   */
  Orders(long seed, long firstNumber, long poison) {
    this.random = new Random(seed);
    this.number = firstNumber;
    this.poison = poison;
  }

  /** Moves to the next order. */
  void next() {
    int quantity = 1 + random.nextInt(9);
    int cents = quantity * (499 + 100 * random.nextInt(300));
    customer = String.format(Locale.ROOT, "customer-%03d", random.nextInt(CUSTOMERS));
    String address = number == poison ? NO_ADDRESS : "\"email\":\"" + customer + "@example.com\"";
    order =
        "{\"order\":"
            + number++
            + ",\"customer\":\""
            + customer
            + "\","
            + address
            + ",\"item\":\""
            + GOODS[random.nextInt(GOODS.length)]
            + "\",\"quantity\":"
            + quantity
            + ",\"cents\":"
            + cents
            + "}";
  }

  /** Whether an e-mail can be sent for an order. */
  static boolean hasAddress(String order) {
    return !order.contains(NO_ADDRESS);
  }

  byte[] key() {
    return customer.getBytes(StandardCharsets.UTF_8);
  }

  byte[] value() {
    return order.getBytes(StandardCharsets.UTF_8);
  }
}
