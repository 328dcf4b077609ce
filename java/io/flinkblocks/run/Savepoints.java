package io.flinkblocks.run;

import io.flinkblocks.config.UserError;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Where a block keeps its state, and what a run can resume from; the Python drivers' rules. */
final class Savepoints {
  static final String FLAG = "--from-savepoint";
  static final String LATEST = "latest";

  private static final String METADATA = "_metadata";
  private static final long TICK_MS = 50;

  /** Where a stop leaves its savepoint. */
  static String folder(String statePath) {
    return below(statePath, "savepoints");
  }

  /** Where a drained job's savepoint goes until it is deleted: nothing can resume from it. */
  static String drainFolder(String statePath) {
    return below(statePath, "drained");
  }

  private static String below(String statePath, String name) {
    return statePath.replaceFirst("/+$", "") + "/" + name;
  }

  /**
   * What {@code --from-savepoint} stands for.
   *
   * @param choice a path, or {@code latest}
   * @param statePath the {@code --checkpoint-path} of the run
   * @throws UserError when there is nothing to resume from
   */
  static String resolve(String choice, String statePath) {
    if (choice.equals(LATEST)) {
      return latest(statePath);
    }
    Path path = local(choice).orElse(null);
    if (path == null) {
      return choice; // On a file system that only Flink can look at.
    }
    if (path.endsWith(METADATA)) {
      path = path.getParent();
    }
    if (!Files.exists(path)) {
      throw new UserError(
          FLAG + " " + choice + ": there is no such folder", "give another path, or latest");
    }
    if (!complete(path)) {
      throw new UserError(
          FLAG + " " + choice + ": that is no complete savepoint, it has no " + METADATA,
          "give a savepoint-… or chk-… folder, or latest");
    }
    return choice;
  }

  /** The newest complete savepoint or retained checkpoint below a state folder. */
  private static String latest(String statePath) {
    Path root =
        local(statePath)
            .orElseThrow(
                () ->
                    new UserError(
                        FLAG + " latest: " + statePath + " is not on this machine",
                        "give the path: " + FLAG + " PATH"));
    List<Path> found = new ArrayList<>(list(root.resolve("savepoints"), "savepoint-*"));
    list(root.resolve("checkpoints"), "*").forEach(job -> found.addAll(list(job, "chk-*")));
    return found.stream()
        .filter(Savepoints::complete)
        .max(
            Comparator.comparingLong(Savepoints::finished)
                .thenComparingLong(Savepoints::number)
                .thenComparing(Path::toString))
        .map(Path::toString)
        .orElseThrow(
            () ->
                new UserError(
                    FLAG + " latest: no savepoint and no retained checkpoint in " + root,
                    "start without it, or give the --checkpoint-path and --app-name of the run to"
                        + " resume"));
  }

  /**
   * The newest complete savepoint of a job in a folder. Flink names a savepoint after the first six
   * digits of the job's id.
   */
  static Optional<String> ofJob(String folder, String jobId) {
    return local(folder).stream()
        .flatMap(root -> list(root, "savepoint-" + jobId.substring(0, 6) + "-*").stream())
        .filter(Savepoints::complete)
        .max(Comparator.comparingLong(Savepoints::finished).thenComparing(Path::toString))
        .map(Path::toString);
  }

  /**
   * Deletes a savepoint on this machine's disk, and its folder if that is empty then.
   *
   * @return false when it is not on this machine, or cannot be deleted
   */
  static boolean delete(String location) {
    Path path = local(location).orElse(null);
    // What is no savepoint stays, whatever the answer that named it said.
    if (path == null || !path.getFileName().toString().startsWith("savepoint-")) {
      return false;
    }
    try (Stream<Path> files = Files.walk(path)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      return false;
    }
    deleteEmpty(path.getParent());
    return true;
  }

  /**
   * Waits until Flink has deleted the checkpoints of a job that has finished, then deletes their
   * empty folders. Flink is at it when the job's result is there already: a process that ended
   * before would leave one behind, and {@code latest} would take up a finished job.
   */
  static void tidy(String statePath, String jobId, long patienceMs) throws InterruptedException {
    Path root = local(below(statePath, "checkpoints")).orElse(null);
    if (root == null) {
      return;
    }
    Path folder = root.resolve(jobId);
    long deadline = System.nanoTime() + patienceMs * 1_000_000;
    while (!list(folder, "chk-*").isEmpty() && System.nanoTime() < deadline) {
      Thread.sleep(TICK_MS);
    }
    deleteEmpty(folder.resolve("shared"));
    deleteEmpty(folder.resolve("taskowned"));
    deleteEmpty(folder);
  }

  /** A path or file: URI as a path; empty for another file system. */
  static Optional<Path> local(String location) {
    if (!location.matches("(?s)[A-Za-z][A-Za-z0-9+.-]*:.*")) {
      return Optional.of(Path.of(location));
    }
    return location.regionMatches(true, 0, "file:", 0, 5)
        ? Optional.of(Path.of(decoded(location.substring(5).replaceFirst("^//[^/]*", ""))))
        : Optional.empty();
  }

  private static String decoded(String path) {
    try {
      return URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return path; // A % that is just that.
    }
  }

  private static void deleteEmpty(Path folder) {
    try {
      Files.delete(folder);
    } catch (IOException e) {
      // There is something in it, or it is not there.
    }
  }

  private static List<Path> list(Path folder, String glob) {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder, glob)) {
      stream.forEach(found::add);
    } catch (IOException | DirectoryIteratorException e) {
      // Nothing was ever written there.
    }
    return found;
  }

  /** Flink writes the metadata last. */
  private static boolean complete(Path path) {
    return path.resolve(METADATA).toFile().length() > 0;
  }

  private static long finished(Path path) {
    try {
      return Files.getLastModifiedTime(path.resolve(METADATA)).to(TimeUnit.NANOSECONDS);
    } catch (IOException e) {
      return 0; // Deleted meanwhile, as a running job does with old checkpoints.
    }
  }

  /** Of a checkpoint; of two with the same time the later one counts. */
  private static long number(Path path) {
    String name = path.getFileName().toString();
    return name.matches("chk-\\d{1,18}") ? Long.parseLong(name.substring(4)) : 0;
  }

  private Savepoints() {}
}
