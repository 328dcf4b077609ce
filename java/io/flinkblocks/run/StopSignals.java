package io.flinkblocks.run;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;

/**
 * Ctrl-C and its relatives as requests to stop; they are counted while this is open.
 *
 * <p>It takes {@code sun.misc.Signal}, which the JDK keeps for this purpose (JEP 260), and not a
 * shutdown hook. By the time that a hook runs, the JVM is ending: Flink's own hooks delete the
 * files of the cluster that is to write the savepoint, a second Ctrl-C goes unnoticed, and the exit
 * code can no longer say that all went well. The class is reached by reflection, as javac warns of
 * it in a way that cannot be switched off; in a JVM without it, or one that was told to leave
 * signals alone (-Xrs), Ctrl-C ends the process at once.
 */
final class StopSignals implements AutoCloseable {
  // The last one: the terminal has been closed.
  private static final List<String> NAMES = List.of("INT", "TERM", "HUP");

  private final List<Handled> handled = new ArrayList<>();
  private int count;
  private int number;

  /** A signal and who handled it before. */
  private record Handled(Object signal, Object before) {}

  StopSignals() {
    for (String name : NAMES) {
      try {
        handle(name);
      } catch (ReflectiveOperationException e) {
        // Not in this JVM.
      }
    }
  }

  private void handle(String name) throws ReflectiveOperationException {
    Class<?> type = Class.forName("sun.misc.Signal");
    Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
    Object signal = type.getConstructor(String.class).newInstance(name);
    int signalNumber = (int) type.getMethod("getNumber").invoke(signal);
    Object handler = handler(handlerType, () -> raised(signalNumber));
    Object before = type.getMethod("handle", type, handlerType).invoke(null, signal, handler);
    handled.add(new Handled(signal, before));
  }

  private static Object handler(Class<?> type, Runnable action) {
    InvocationHandler calls =
        (proxy, method, args) ->
            switch (method.getName()) {
              case "handle" -> {
                action.run();
                yield null;
              }
              case "equals" -> proxy == args[0];
              case "hashCode" -> System.identityHashCode(proxy);
              default -> "stop signals";
            };
    return Proxy.newProxyInstance(StopSignals.class.getClassLoader(), new Class<?>[] {type}, calls);
  }

  private synchronized void raised(int signal) {
    count++;
    number = signal;
  }

  /** Requests so far. */
  synchronized int count() {
    return count;
  }

  /** The last signal's number, 0 before the first. */
  synchronized int number() {
    return number;
  }

  /** Gives the signals back to whoever handled them before. */
  @Override
  public void close() {
    for (Handled one : handled) {
      try {
        Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
        Class<?> type = one.signal().getClass();
        type.getMethod("handle", type, handlerType).invoke(null, one.signal(), one.before());
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("was there a moment ago", e);
      }
    }
  }
}
