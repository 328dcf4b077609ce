package io.flinkblocks.analytics;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A port where PostgreSQL's protocol is spoken as far as it takes to say no: connections are turned
 * away at the door, or let in to have each statement refused.
 */
final class TestingServer implements AutoCloseable {
  private static final int SSL_REQUEST = 80877103;
  private static final int CLEAR_TEXT = 3;
  private static final int SYNC = 'S';
  private static final int QUERY = 'Q';
  private static final int TERMINATE = 'X';

  private final ServerSocket socket;
  private final boolean isOpen;
  private final List<String> states;
  private final List<String> passwords = new CopyOnWriteArrayList<>();
  private final Thread thread = new Thread(this::serve, "testing-server");

  private TestingServer(boolean isOpen, List<String> states) throws IOException {
    this.isOpen = isOpen;
    this.states = states;
    this.socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  }

  /** Refuses one connection after the other, with these SQLSTATEs. */
  static TestingServer refusing(String... states) throws IOException {
    TestingServer server = new TestingServer(false, List.of(states));
    server.thread.start();
    return server;
  }

  /** Lets one connection after the other in, and refuses all of its statements. */
  static TestingServer refusingStatements(String... states) throws IOException {
    TestingServer server = new TestingServer(true, List.of(states));
    server.thread.start();
    return server;
  }

  /** For a driver, which must not ask for anything before it is told to. */
  String url() {
    return "jdbc:postgresql://127.0.0.1:%d/analytics?assumeMinServerVersion=15"
        .formatted(socket.getLocalPort());
  }

  /** The passwords that it was told, one for each connection. */
  List<String> passwords() {
    return passwords;
  }

  private void serve() {
    for (String state : states) {
      try (Socket client = socket.accept()) {
        DataInputStream in = new DataInputStream(client.getInputStream());
        DataOutputStream out = new DataOutputStream(client.getOutputStream());
        logIn(in, out);
        if (isOpen) {
          letIn(in, out, state);
        } else {
          refuse(out, "FATAL", state);
        }
      } catch (IOException e) {
        // Whoever was there has gone, or the test is over.
      }
    }
  }

  private void logIn(DataInputStream in, DataOutputStream out) throws IOException {
    while (startup(in) == SSL_REQUEST) {
      out.writeByte('N');
    }
    send(out, 'R', new byte[] {0, 0, 0, CLEAR_TEXT});
    in.readByte();
    byte[] password = in.readNBytes(in.readInt() - 4);
    passwords.add(new String(password, 0, password.length - 1, StandardCharsets.UTF_8));
  }

  private static int startup(DataInputStream in) throws IOException {
    int length = in.readInt();
    int code = in.readInt();
    in.skipNBytes(length - 8);
    return code;
  }

  private static void letIn(DataInputStream in, DataOutputStream out, String state)
      throws IOException {
    send(out, 'R', new byte[4]);
    for (String parameter :
        List.of(
            "server_version\00015.0",
            "client_encoding\0UTF8",
            "DateStyle\0ISO",
            "integer_datetimes\0on",
            "standard_conforming_strings\0on")) {
      send(out, 'S', bytes(parameter + "\0"));
    }
    send(out, 'Z', bytes("I"));
    for (int type = in.readByte(); type != TERMINATE; type = in.readByte()) {
      in.skipNBytes(in.readInt() - 4);
      if (type == SYNC || type == QUERY) {
        refuse(out, "ERROR", state);
        send(out, 'Z', bytes("I"));
      }
    }
  }

  private static void refuse(DataOutputStream out, String severity, String state)
      throws IOException {
    String fields = "S%s\0V%s\0C%s\0Mnot now\0\0".formatted(severity, severity, state);
    send(out, 'E', bytes(fields));
  }

  private static void send(DataOutputStream out, int type, byte[] content) throws IOException {
    out.writeByte(type);
    out.writeInt(content.length + 4);
    out.write(content);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    socket.close();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
