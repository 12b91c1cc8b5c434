package io.sawlog.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ServiceTallyTest {
  private static final long FIRST = 1_000;

  private final ServiceTally tally = new ServiceTally("inventory-service", FIRST);

  private boolean proves(long orders, long givenUp, long mayComeAgain) {
    Claims claims = new Claims();
    tally.prove(claims, orders, givenUp, mayComeAgain);
    return claims.allHold();
  }

  private void handle(String customer, long... orders) {
    for (long order : orders) {
      tally.handled(customer, FIRST + order);
    }
  }

  @Test
  void shouldAcceptEveryOrderOnceAndInOrder() {
    handle("alice", 0, 2);
    handle("bob", 1, 3);

    assertTrue(proves(4, 0, 0));
  }

  @Test
  void shouldNotAcceptThatAnOrderIsMissing() {
    handle("alice", 0, 1, 3);

    assertFalse(proves(4, 0, 0));
  }

  @Test
  void shouldNotTakeAnOrderThatCameAgainForOneThatIsMissing() {
    handle("alice", 0, 1, 1, 3);

    assertFalse(proves(4, 0, 4));
    assertEquals(3, tally.count());
  }

  @Test
  void shouldNotTakeAnOrderOfAnEarlierRunForOneThatIsMissing() {
    handle("alice", -1, 0, 1, 3);

    assertFalse(proves(4, 0, 0));
    assertTrue(tally.has(FIRST));
    assertFalse(tally.has(FIRST - 1));
    assertFalse(tally.has(FIRST + 2));
  }

  @Test
  void shouldAcceptOnlySoManyOrdersAgain() {
    handle("alice", 0, 1, 0, 1, 2);

    assertTrue(proves(3, 0, 2));
    assertFalse(proves(3, 0, 1));
    assertEquals(2, tally.redelivered());
    assertEquals(0, tally.outOfOrder());
  }

  @Test
  void shouldNotAcceptAnOrderBehindALaterOneOfTheSameCustomer() {
    handle("alice", 0, 2);
    handle("bob", 1);
    assertTrue(proves(3, 0, 0));

    handle("alice", 4, 3);

    assertFalse(proves(5, 0, 0));
    assertEquals(1, tally.outOfOrder());
  }

  @Test
  void shouldNotAcceptMoreThanWhatItCanHaveHandled() {
    handle("alice", 0, 1, 2);

    assertFalse(proves(3, 1, 0));
    assertTrue(proves(4, 1, 0));
  }
}
