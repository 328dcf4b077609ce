package io.flinkblocks.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The REST endpoint of a Flink cluster, embedded or remote: what a snapshot is made of. */
public final class FlinkRest {
  // An endpoint that is slower is as good as not there yet.
  private static final Duration CONNECT = Duration.ofSeconds(2);
  private static final Duration ANSWER = Duration.ofSeconds(5);

  /**
   * Metrics asked for in one request, so that its line stays within Netty's limit of 4096 bytes.
   */
  private static final int URL_BYTES = 3000;

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final String url;
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT)
          // On loopback or named by the user: a proxy has no part in it.
          .proxy(HttpClient.Builder.NO_PROXY)
          .build();

  /** Connects on the first request. */
  public FlinkRest(String address) {
    this.url = "http://" + address;
  }

  /** The endpoint's address. */
  public String url() {
    return url;
  }

  /** The JSON document at a path; a missing node when there is none (yet), or no answer. */
  public JsonNode find(String path) {
    return ask(path, HttpRequest.newBuilder().GET());
  }

  /** Sends a JSON document; gives the answer, a missing node when it was refused. */
  public JsonNode post(String path, JsonNode body) {
    return ask(
        path,
        HttpRequest.newBuilder()
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body.toString())));
  }

  private JsonNode ask(String path, HttpRequest.Builder draft) {
    try {
      HttpRequest request = draft.uri(URI.create(url + path)).timeout(ANSWER).build();
      var answer = client.send(request, BodyHandlers.ofByteArray());
      boolean found = answer.statusCode() / 100 == 2;
      return found ? MAPPER.readTree(answer.body()) : MissingNode.getInstance();
    } catch (IOException | IllegalArgumentException e) {
      // Or a name that no host can have.
      return MissingNode.getInstance();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return MissingNode.getInstance();
    }
  }

  /**
   * All that a snapshot needs of a job, by name; what is not there (yet) is missing.
   *
   * @return job, accumulators, checkpoints, metrics (the job's), exceptions (only when something
   *     happened), and by vertex id: watermarks, backpressure, source (metrics of the vertices that
   *     read)
   */
  ObjectNode documents(String jobId) {
    ObjectNode found = MAPPER.createObjectNode();
    String base = "/jobs/" + jobId;
    JsonNode job = find(base);
    if (job.isMissingNode()) {
      return found;
    }
    found.set("job", job);
    put(found, "accumulators", base + "/accumulators");
    put(found, "checkpoints", base + "/checkpoints");
    put(found, "metrics", base + "/metrics?get=numRestarts");
    boolean calm =
        Loose.orZero(found.path("metrics").path(0).path("value")) == 0
            && !Set.of("FAILING", "FAILED", "RESTARTING").contains(job.path("state").asText());
    if (!calm) {
      put(found, "exceptions", base + "/exceptions?maxExceptions=1");
    }
    vertices(found, job, base + "/vertices/");
    return found;
  }

  private void vertices(ObjectNode found, JsonNode job, String base) {
    Set<String> readers = readers(job);
    ObjectNode watermarks = found.putObject("watermarks");
    ObjectNode backpressure = found.putObject("backpressure");
    ObjectNode source = found.putObject("source");
    for (JsonNode vertex : job.path("vertices")) {
      String id = vertex.path("id").asText();
      put(backpressure, id, base + id + "/backpressure");
      if (readers.contains(id)) {
        source.set(id, sourceMetrics(base + id + "/subtasks/metrics"));
      } else {
        put(watermarks, id, base + id + "/watermarks");
      }
    }
  }

  private void put(ObjectNode found, String name, String path) {
    JsonNode document = find(path);
    if (!document.isMissingNode()) {
      found.set(name, document);
    }
  }

  /** Ids of the vertices without input. */
  static Set<String> readers(JsonNode job) {
    Set<String> readers = new HashSet<>();
    for (JsonNode node : job.path("plan").path("nodes")) {
      if (node.path("inputs").isEmpty()) {
        readers.add(node.path("id").asText());
      }
    }
    return readers;
  }

  /** The idle time of each split, and the watermark that leaves the source. */
  private JsonNode sourceMetrics(String path) {
    var values = MAPPER.createArrayNode();
    List<String> wanted = new ArrayList<>();
    for (JsonNode metric : find(path)) {
      String name = metric.path("id").asText();
      // The endpoint splits the list at commas, also at escaped ones.
      if (name.matches("[^,]*(\\.watermark\\.idleTimeMsPerSecond|\\.currentOutputWatermark)")) {
        wanted.add(URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20"));
      }
    }
    for (int from = 0, to; from < wanted.size(); from = to) {
      int length = wanted.get(from).length();
      for (to = from + 1; to < wanted.size() && length < URL_BYTES; to++) {
        length += wanted.get(to).length() + 1;
      }
      find(path + "?get=" + String.join(",", wanted.subList(from, to))).forEach(values::add);
    }
    return values;
  }
}
