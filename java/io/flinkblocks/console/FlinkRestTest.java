package io.flinkblocks.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against an endpoint with scripted answers. */
class FlinkRestTest {
  private static final String JOB =
      "{'state': 'RUNNING', 'plan': {'nodes': [{'id': 'r'}, {'id': 'w', 'inputs': [{'id': 'r'}]}]},"
          + " 'vertices': [{'id': 'r'}, {'id': 'w'}]}";

  private final Map<String, String> answers = new ConcurrentHashMap<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private HttpServer server;
  private FlinkRest rest;

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          String path = exchange.getRequestURI().toString();
          asked.add(exchange.getRequestMethod() + " " + path);
          String answer = answers.get(path.replaceFirst("\\?get=.*", "?get"));
          byte[] body = (answer == null ? "{}" : answer.replace('\'', '"')).getBytes(UTF_8);
          exchange.sendResponseHeaders(answer == null ? 404 : 200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    rest = new FlinkRest("127.0.0.1:" + server.getAddress().getPort());
  }

  @AfterEach
  void end() {
    server.stop(0);
  }

  @Test
  void whatIsNotThereIsMissing() {
    answers.put("/overview", "{'slots-total': 4}");
    answers.put("/odd", "<html>");
    assertEquals(4, rest.find("/overview").get("slots-total").asInt());
    assertTrue(rest.find("/other").isMissingNode());
    assertTrue(rest.find("/odd").isMissingNode());
    server.stop(0);
    assertTrue(rest.find("/overview").isMissingNode());
    assertTrue(new FlinkRest("no_host:1").find("/overview").isMissingNode());
  }

  @Test
  void post() {
    answers.put("/savepoint-disposal", "{'request-id': 'x'}");
    JsonNode body = new ObjectMapper().createObjectNode().put("savepoint-path", "/s");
    assertEquals("x", rest.post("/savepoint-disposal", body).get("request-id").asText());
    assertEquals(List.of("POST /savepoint-disposal"), asked);
  }

  @Test
  void documentsOfAJob() {
    answers.put("/jobs/j", JOB);
    answers.put("/jobs/j/accumulators", "{'user-task-accumulators': []}");
    answers.put("/jobs/j/metrics?get", "[{'id': 'numRestarts', 'value': '0'}]");
    answers.put("/jobs/j/vertices/w/watermarks", "[{'value': '5'}]");
    answers.put("/jobs/j/vertices/r/backpressure", "{'subtasks': []}");
    JsonNode found = rest.documents("j");
    assertTrue(found.has("accumulators"));
    assertFalse(found.has("checkpoints"));
    assertFalse(found.has("exceptions"));
    assertEquals("5", found.at("/watermarks/w/0/value").asText());
    assertFalse(found.get("watermarks").has("r"));
    assertTrue(found.get("backpressure").has("r"));
  }

  @Test
  void whyAJobRestarted() {
    answers.put("/jobs/j", JOB);
    answers.put("/jobs/j/metrics?get", "[{'id': 'numRestarts', 'value': '1'}]");
    answers.put("/jobs/j/exceptions?maxExceptions=1", "{'exceptionHistory': {}}");
    assertTrue(rest.documents("j").has("exceptions"));
  }

  @Test
  void aJobThatIsNotKnown() {
    assertTrue(rest.documents("j").isEmpty());
  }

  @Test
  void metricsOfManySplitsAreAskedForInShortRequests() {
    answers.put("/jobs/j", JOB);
    String names =
        IntStream.range(0, 200)
            .mapToObj(i -> "{'id': 'Source ä.split." + i + ".watermark.idleTimeMsPerSecond'}")
            .collect(Collectors.joining(","));
    answers.put(
        "/jobs/j/vertices/r/subtasks/metrics",
        "[" + names + ", {'id': 'other'}, {'id': 'a,b.currentOutputWatermark'}]");
    answers.put("/jobs/j/vertices/r/subtasks/metrics?get", "[{'id': 'x', 'max': 1}]");
    JsonNode values = rest.documents("j").at("/source/r");
    List<String> requests =
        asked.stream().filter(path -> path.contains("/subtasks/metrics?get=")).toList();
    assertEquals(requests.size(), values.size());
    assertTrue(requests.stream().allMatch(path -> path.length() < 4000));
    assertEquals(
        200, requests.stream().mapToInt(path -> path.split("=", 2)[1].split(",").length).sum());
    assertTrue(requests.get(0).contains("Source%20%C3%A4.split.0."), requests.get(0));
  }
}
