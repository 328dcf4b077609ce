package io.flinkblocks.sink;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A job in a process of its own, to be killed, and what it leaves behind. */
public final class TestingProcess {
  /** Runs the main class named first, and leaves when it returns or fails. */
  public static void main(String[] args) throws Exception {
    Method main = Class.forName(args[0]).getDeclaredMethod("main", String[].class);
    // The class belongs to a test and is not public.
    main.setAccessible(true);
    try {
      main.invoke(null, (Object) Arrays.copyOfRange(args, 1, args.length));
      System.exit(0);
    } catch (InvocationTargetException e) {
      e.getCause().printStackTrace();
      System.exit(1);
    }
  }

  /** Runs a main class on this test's class path; its errors go to the test's log. */
  public static Process start(Class<?> main, String... args) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx512m", "-XX:TieredStopAtLevel=1"));
    command.add("-Djava.io.tmpdir=" + System.getProperty("java.io.tmpdir"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(TestingProcess.class.getName(), main.getName()));
    command.addAll(List.of(args));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    // The runner leaves by System.exit, also when a test fails.
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    return process;
  }

  /**
   * Waits until the process brought a condition about.
   *
   * @throws IllegalStateException when it ended before
   */
  public static void await(Process process, Callable<Boolean> condition) throws Exception {
    while (!condition.call()) {
      // Not to take the processor from the process.
      if (process.waitFor(20, TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException("it ended too early, with " + process.exitValue());
      }
    }
  }

  /** The newest complete checkpoint below a folder. */
  public static Optional<Path> latestCheckpoint(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return Optional.empty();
    }
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(file -> file.endsWith("_metadata"))
          .max(Comparator.comparing(file -> file.toFile().lastModified()))
          .map(Path::getParent);
    }
  }

  private TestingProcess() {}
}
