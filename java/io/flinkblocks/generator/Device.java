package io.flinkblocks.generator;

import static java.nio.charset.StandardCharsets.US_ASCII;

/** What shoppers use, with its part of the metadata. */
enum Device {
  WINDOWS("web", "Firefox/133.0 (Windows)"),
  MAC("web", "Safari/18.1 (Mac OS X)"),
  LINUX("web", "Firefox/133.0 (X11; Linux)"),
  PHONE("mobile_web", "Chrome/131.0 (Android 15)"),
  IPHONE("mobile_web", "Safari/18.1 (iPhone; 18_1)"),
  ANDROID_APP("mobile_app", "ShopApp/7.4 (Android 15)"),
  IOS_APP("mobile_app", "ShopApp/7.4 (iOS 18.1)"),
  TABLET("tablet", "Safari/18.1 (iPad; OS 18_1)");

  private static final Device[] ALL = values();

  /** The record from the metadata's name to the ip_address's opening quote. */
  final byte[] metadata;

  Device(String source, String userAgent) {
    metadata =
        (",\"metadata\":{\"source\":\""
                + source
                + "\",\"user_agent\":\""
                + userAgent
                + "\",\"ip_address\":\"")
            .getBytes(US_ASCII);
  }

  /** The one that a random number stands for. */
  static Device of(long random) {
    return ALL[(int) (random & 7)];
  }
}
