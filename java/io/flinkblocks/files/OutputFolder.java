package io.flinkblocks.files;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import io.flinkblocks.config.Settings;
import io.flinkblocks.config.UserError;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * The folder of {@code --output-path}, with a folder for each output in it.
 *
 * <p>A run that does not resume replaces what an earlier run of the same block left there. Blocks
 * may share the folder, as they do by default: each has a marker file of its own, its name is in
 * the names of its files, and a run touches no others. A folder with anything in it that no block
 * wrote is refused, before anything in it changes.
 */
public final class OutputFolder {
  /** What a marker file's name begins with; the block's name follows. */
  static final String MARKER = ".flink-building-block.";

  static final String SUFFIX = ".jsonl";

  private static final String UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";

  /** The markers that this process holds locked, until it ends. */
  private static final Map<Path, FileChannel> CLAIMED = new ConcurrentHashMap<>();

  private final Path folder;
  private final String block;

  private OutputFolder(Path folder, String block) {
    this.folder = folder;
    this.block = block;
  }

  /**
   * Makes the folder ready for a run: creates it, claims it, and unless the run resumes deletes the
   * block's earlier files.
   *
   * @return its path
   * @throws UserError when it cannot be written, holds anything that is not ours, or another
   *     process is writing this block's results to it
   */
  public static Path prepare(Collection<String> outputs, Settings settings) {
    OutputFolder output = of(settings);
    try {
      output.requireNothingForeign();
      output.requirePlace();
      Files.createDirectories(output.folder);
      output.claim(outputs, settings);
      if (settings.find("from-savepoint").isEmpty()) {
        output.deleteEarlierRun();
      }
      for (String name : outputs) {
        Files.createDirectories(output.folder.resolve(name));
      }
      return output.folder;
    } catch (IOException e) {
      throw output.unwritable(e);
    }
  }

  /**
   * Looks whether {@link #prepare} would do, and changes nothing.
   *
   * @throws UserError when the folder cannot be written or holds anything that is not ours
   */
  public static void check(Settings settings) {
    OutputFolder output = of(settings);
    try {
      output.requireNothingForeign();
      output.requirePlace();
    } catch (IOException e) {
      throw output.unwritable(e);
    }
  }

  private static OutputFolder of(Settings settings) {
    String path = settings.text("output-path");
    String block = settings.text("block");
    if (!block.matches("\\w+")) {
      throw new IllegalArgumentException("not a block's name: " + block);
    }
    try {
      return new OutputFolder(Path.of(path).toAbsolutePath().normalize(), block);
    } catch (InvalidPathException e) {
      throw new UserError("--output-path " + path + " is no path", "name a local folder", e);
    }
  }

  /** A folder that we may write in, or create ours below. */
  private void requirePlace() throws IOException {
    Path existing = folder;
    while (!Files.exists(existing)) {
      existing = existing.getParent();
    }
    if (!Files.isDirectory(existing)) {
      throw new FileAlreadyExistsException(existing.toString());
    }
    if (!Files.isWritable(existing)) {
      throw new AccessDeniedException(existing.toString());
    }
  }

  private void requireNothingForeign() throws IOException {
    if (!Files.exists(folder, NOFOLLOW_LINKS)) {
      return;
    }
    if (!Files.isDirectory(folder)) {
      throw new FileAlreadyExistsException(folder.toString());
    }
    List<Path> markers = new ArrayList<>();
    List<Path> others = new ArrayList<>();
    for (Path entry : list(folder)) {
      String name = entry.getFileName().toString();
      boolean marker = name.matches(Pattern.quote(MARKER) + "\\w+") && isFile(entry);
      (marker ? markers : others).add(entry);
    }
    List<Pattern> ours = markers.stream().map(OutputFolder::filesOf).toList();
    for (Path other : others) {
      if (!Files.isDirectory(other, NOFOLLOW_LINKS)) {
        throw foreign(other);
      }
      for (Path file : list(other)) {
        String name = file.getFileName().toString();
        boolean known = ours.stream().anyMatch(files -> files.matcher(name).matches());
        // Another block may be running: its files get their final names meanwhile.
        boolean gone = !Files.exists(file, NOFOLLOW_LINKS);
        if (!known || !(gone || isFile(file))) {
          throw foreign(file);
        }
      }
    }
  }

  private static Pattern filesOf(Path marker) {
    return files(marker.getFileName().toString().substring(MARKER.length()));
  }

  /** The names of a block's part files: committed ones, and hidden ones still in progress. */
  private static Pattern files(String block) {
    String committed = Pattern.quote(block) + "-" + UUID + "-\\d+\\" + SUFFIX;
    return Pattern.compile(committed + "|\\." + committed + "\\.inprogress\\." + UUID);
  }

  /** Writes the marker and locks it for as long as this process lives. */
  private void claim(Collection<String> outputs, Settings settings) throws IOException {
    String name = MARKER + block;
    Path marker = folder.toRealPath().resolve(name);
    FileChannel channel = CLAIMED.get(marker);
    if (channel == null) {
      channel = FileChannel.open(marker, Set.of(CREATE, WRITE, NOFOLLOW_LINKS));
      try {
        if (channel.tryLock() == null) {
          channel.close();
          throw new UserError(
              "another process is writing the results of " + block + " to " + folder,
              "wait for its end, or choose another --output-path");
        }
      } catch (OverlappingFileLockException e) {
        // This process holds it, by a copy of this class from another class loader. The channel
        // stays open: closing it would release that lock.
      }
      CLAIMED.put(marker, channel);
    }
    String text =
        String.format(
            "Written by the block %s of the app %s, outputs: %s.%n"
                + "The block's next run that does not resume replaces its files.%n",
            block, settings.text("app-name"), String.join(", ", new TreeSet<>(outputs)));
    channel.truncate(0);
    channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), 0);
  }

  private void deleteEarlierRun() throws IOException {
    Pattern ours = files(block);
    for (Path entry : list(folder)) {
      if (!Files.isDirectory(entry, NOFOLLOW_LINKS)) {
        continue;
      }
      boolean emptied = false;
      for (Path file : list(entry)) {
        if (isFile(file) && ours.matcher(file.getFileName().toString()).matches()) {
          Files.delete(file);
          emptied = true;
        }
      }
      if (emptied && list(entry).isEmpty()) {
        Files.delete(entry);
      }
    }
  }

  private static boolean isFile(Path path) {
    return Files.isRegularFile(path, NOFOLLOW_LINKS);
  }

  private static List<Path> list(Path folder) throws IOException {
    List<Path> entries = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
      stream.forEach(entries::add);
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return entries;
  }

  private UserError foreign(Path what) {
    return new UserError(
        "the output folder " + folder + " holds what is not ours: " + folder.relativize(what),
        "choose another --output-path, or move that away");
  }

  private UserError unwritable(IOException cause) {
    String why =
        cause instanceof FileAlreadyExistsException
            ? cause.getMessage() + " is a file"
            : cause instanceof AccessDeniedException
                ? "no right to write in " + cause.getMessage()
                : cause instanceof NoSuchFileException
                    ? "nothing can be made in " + Path.of(cause.getMessage()).getParent()
                    : cause.getMessage();
    return new UserError(
        "the output folder " + folder + " cannot be written: " + why,
        "choose another --output-path, or set its rights",
        cause);
  }
}
