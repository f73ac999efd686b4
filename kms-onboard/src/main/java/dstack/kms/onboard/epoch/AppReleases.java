package dstack.kms.onboard.epoch;

import dstack.kms.core.bootinfo.AppId;
import dstack.kms.core.bootinfo.InstanceId;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What applications received, from the audit log.
 *
 * @param app which one
 * @param instances by instance id in hexadecimal; the empty id stands for all of them
 */
public record AppReleases(AppId app, Map<String, Count> instances) {
  public AppReleases {
    instances = Map.copyOf(instances);
  }

  /** How often, and when last as the log says it. */
  public record Count(long releases, String last) {
    Count and(Count other) {
      return new Count(
          releases + other.releases, last.compareTo(other.last) > 0 ? last : other.last);
    }
  }

  /** An application of which no release is recorded. */
  public static AppReleases unrecorded(AppId app) {
    return new AppReleases(app, Map.of());
  }

  static AppReleases of(AppId app, Stream<Release> releases) {
    return new AppReleases(
        app,
        releases.collect(
            Collectors.toMap(
                release -> release.instance().value().hex(),
                release -> new Count(1, release.time()),
                Count::and,
                TreeMap::new)));
  }

  /** One line of the log. */
  record Release(AppId app, InstanceId instance, String time) {
    static Function<Release, String> byApp() {
      return release -> release.app().value().hex();
    }
  }
}
