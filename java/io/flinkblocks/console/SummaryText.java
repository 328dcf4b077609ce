package io.flinkblocks.console;

import io.flinkblocks.console.Accounting.Analysis;
import io.flinkblocks.console.Snapshot.Checkpoints;
import io.flinkblocks.console.Summary.Output;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** The summary as lines of text; paths and commands stay on one line each, to be copied. */
final class SummaryText {
  private final Summary summary;
  private final List<String> lines = new ArrayList<>();

  private SummaryText(Summary summary) {
    this.summary = summary;
  }

  static List<String> of(Summary summary) {
    SummaryText text = new SummaryText(summary);
    text.head();
    if (summary.accounting().kept()) {
      text.accounting();
      text.verdict();
    }
    text.outputs();
    text.run();
    text.whatNext();
    return text.lines;
  }

  private void head() {
    Double perSecond = summary.eventsPerSecond();
    String speed =
        perSecond == null ? "" : ", " + Wording.rate(perSecond).replace("/s", "") + " events/s";
    String elapsed = Wording.span(summary.elapsedMs());
    lines.add("");
    lines.add(summary.name() + " " + summary.ended().words() + " after " + elapsed + speed);
  }

  private void accounting() {
    Accounting accounts = summary.accounting();
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("accounting", "events", "of which"));
    String dead = Wording.count(accounts.deadLettered());
    String sorts = Wording.count(accounts.valid()) + " valid + " + dead + " dead-lettered";
    rows.add(List.of("read", Wording.count(accounts.read()), sorts));
    String reasons =
        accounts.reasons().entrySet().stream()
            .filter(reason -> reason.getValue() != 0)
            .map(reason -> Wording.count(reason.getValue()) + " " + reason.getKey())
            .collect(Collectors.joining(" + "));
    if (!reasons.isEmpty()) {
      rows.add(List.of("dead-lettered", dead, reasons));
    }
    for (Analysis part : accounts.analyses()) {
      rows.add(List.of(part.name(), Wording.count(accounts.valid()), terms(part)));
    }
    table(rows);
  }

  private static String terms(Analysis part) {
    String terms = Accounting.sum(part.terms());
    return part.partial() == 0
        ? terms
        : terms + Wording.format(" (partial: %,d of the used)", part.partial());
  }

  private void verdict() {
    String runs = summary.resumed() ? ", over all runs since the first" : "";
    if (summary.addsUp() == null) {
      String cut = "the run was cut short";
      String old = "the counters are those of the last look at the job";
      lines.add("not checked whether this adds up: " + (summary.complete() ? cut : old));
    } else if (summary.addsUp()) {
      lines.add("ADDS UP: every record read is accounted for" + runs);
    } else {
      lines.add("DOES NOT ADD UP" + runs + ":");
      summary.accounting().problems().forEach(problem -> lines.add("  " + problem));
    }
  }

  private void outputs() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("output", "records", "where"));
    for (Output output : summary.outputs()) {
      rows.add(List.of(output.name(), Wording.count(output.records()), output.where()));
    }
    if (rows.size() > 1) {
      table(rows);
    }
  }

  private void run() {
    Checkpoints done = summary.checkpoints();
    String line = Wording.plural(done.completed(), "checkpoint");
    if (done.durationMs() != null) {
      String took = Wording.span(done.durationMs());
      line += ", the last took " + took + " for " + Wording.size(done.sizeBytes());
    }
    if (done.failed() > 0) {
      line += "; " + done.failed() + " failed";
    }
    lines.add(line + "; " + Wording.plural(summary.restarts(), "restart"));
  }

  private void whatNext() {
    // What a run cut short had not committed yet is not to be seen.
    List<String> looks =
        summary.outputs().stream()
            .filter(o -> summary.ended().atRest() && !Long.valueOf(0).equals(o.records()))
            .map(Output::look)
            .filter(Objects::nonNull)
            .toList();
    if (!looks.isEmpty()) {
      lines.add("look at the results:");
      looks.forEach(look -> lines.add("  " + look));
    }
    if (summary.savepoint() != null) {
      lines.add("savepoint: " + summary.savepoint());
    }
    if (summary.resume() != null) {
      lines.add("resume with:");
      lines.add("  " + summary.resume());
    }
  }

  /** Rows of name, number, text below a head. */
  private void table(List<List<String>> rows) {
    int name = rows.stream().mapToInt(row -> row.get(0).length()).max().orElse(0);
    int number = rows.stream().mapToInt(row -> row.get(1).length()).max().orElse(0);
    String form = "%-" + name + "s  %" + number + "s  %s";
    lines.add("");
    for (List<String> row : rows) {
      lines.add(Wording.format(form, row.toArray()).stripTrailing());
    }
    lines.add("");
  }
}
