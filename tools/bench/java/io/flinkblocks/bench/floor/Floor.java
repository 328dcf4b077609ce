package io.flinkblocks.bench.floor;

import io.flinkblocks.bench.Arm;
import io.flinkblocks.bench.LineReader;
import io.flinkblocks.bench.Run;
import io.flinkblocks.config.Settings;
import io.flinkblocks.event.DeadLetter;
import io.flinkblocks.event.Event;
import io.flinkblocks.event.EventParser;
import io.flinkblocks.event.SourceRecord;
import io.flinkblocks.output.DeadLetters;
import io.flinkblocks.source.EventTimeProgress;
import java.io.FileInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The floor: the project's parser with its full validation and its pure logic in a plain loop of
 * one thread, without Flink.
 *
 * <p>What it leaves out: network, state that could be checkpointed, accounting, late events. An
 * event behind the watermark ends it; the benchmark's input has none.
 */
public final class Floor implements Arm {
  private static final long DISORDER_MS = Duration.ofSeconds(5).toMillis();
  private static final long MAX_FUTURE_MS = Duration.ofHours(1).toMillis();

  @Override
  public void run(Run run) throws IOException {
    Settings settings = run.settings();
    try (Lines out = new Lines(run.output());
        LineReader lines = new LineReader(new FileInputStream(run.input().toFile()))) {
      List<Analysis> analyses = new ArrayList<>();
      for (String name : run.analyses()) {
        analyses.addAll(Analyses.of(name, settings, out));
      }
      loop(lines, analyses.toArray(Analysis[]::new), out);
    }
  }

  private static void loop(LineReader lines, Analysis[] analyses, Lines out) throws IOException {
    EventParser parser = new EventParser();
    EventTimeProgress progress = new EventTimeProgress();
    long newest = System.currentTimeMillis() + MAX_FUTURE_MS;
    for (byte[] line = lines.next(); line != null; line = lines.next()) {
      SourceRecord record = parser.parse(line, newest);
      if (record instanceof Event event) {
        requireInTime(event, progress);
        for (Analysis analysis : analyses) {
          analysis.add(event);
        }
        long watermark = progress.advance(event.timestamp(), DISORDER_MS);
        if (watermark != EventTimeProgress.NONE) {
          advance(analyses, watermark);
        }
      } else {
        out.accept(DeadLetters.toOutput((DeadLetter) record));
      }
    }
    advance(analyses, Long.MAX_VALUE);
  }

  private static void requireInTime(Event event, EventTimeProgress progress) {
    if (event.timestamp() <= progress.emitted()) {
      throw new IllegalStateException(
          event.eventId() + " is behind the watermark, and the floor has no late events");
    }
  }

  private static void advance(Analysis[] analyses, long watermark) {
    for (Analysis analysis : analyses) {
      analysis.advance(watermark);
    }
  }
}
