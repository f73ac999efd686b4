package dstack.kms.image;

import java.util.LinkedHashMap;
import java.util.Map;

/** A part of an image by its digest ({@code sha256:…}) and size in bytes. */
record Blob(String mediaType, String digest, long size) {
  Map<String, Object> descriptor() {
    Map<String, Object> descriptor = new LinkedHashMap<>();
    descriptor.put("mediaType", mediaType);
    descriptor.put("digest", digest);
    descriptor.put("size", size);
    return descriptor;
  }
}
