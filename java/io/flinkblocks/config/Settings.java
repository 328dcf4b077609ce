package io.flinkblocks.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.Serializable;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The resolved flags of one run, by flag name without dashes in front ({@code kafka-servers}).
 *
 * <p>Values are normalised by whoever resolved them: durations are whole milliseconds, numbers and
 * booleans are plain; a flag that is not set has no entry. Both the Python drivers and the Java
 * mains hand their flags to the core in this form.
 */
public final class Settings implements Serializable {
  private static final long serialVersionUID = 1;

  private final TreeMap<String, String> values;

  private Settings(Map<String, String> values) {
    this.values = new TreeMap<>(values);
  }

  /** Settings with exactly these values. */
  public static Settings of(Map<String, String> values) {
    return new Settings(values);
  }

  /** Settings from a flat JSON object of strings, numbers, booleans; null means not set. */
  public static Settings fromJson(String json) {
    try {
      Map<String, Object> raw = new ObjectMapper().readValue(json, new TypeReference<>() {});
      TreeMap<String, String> values = new TreeMap<>();
      raw.forEach(
          (flag, value) -> {
            if (value != null) {
              values.put(flag, value.toString());
            }
          });
      return new Settings(values);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("settings are not a flat JSON object", e);
    }
  }

  /** The value of a flag, if it is set. */
  public Optional<String> find(String flag) {
    return Optional.ofNullable(values.get(flag));
  }

  /** The value of a flag that must be set. */
  public String text(String flag) {
    return find(flag).orElseThrow(() -> new IllegalArgumentException("--" + flag + " is not set"));
  }

  /** A duration in milliseconds. */
  public long millis(String flag) {
    return Long.parseLong(text(flag));
  }

  /** A whole number. */
  public long number(String flag) {
    return Long.parseLong(text(flag));
  }

  /** A whole number in the range of an int. */
  public int integer(String flag) {
    return Integer.parseInt(text(flag));
  }

  /** An exact decimal. */
  public BigDecimal decimal(String flag) {
    return new BigDecimal(text(flag));
  }

  /** Whether a switch is on; one that is not set is off. */
  public boolean is(String flag) {
    return Boolean.parseBoolean(values.get(flag));
  }

  /** All values, by flag. */
  public Map<String, String> values() {
    return Map.copyOf(values);
  }
}
