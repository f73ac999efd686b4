package dstack.kms.rpc.prpc;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Empty;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.MessageOrBuilder;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.rpc.http.ReplyBody;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Messages from and to the bytes of a body (specification 01 §3, §4). */
public final class MessageCodec {
  private MessageCodec() {}

  /** Whether this is {@code google.protobuf.Empty}, whose input is never looked at. */
  static boolean isEmptyType(MessageOrBuilder message) {
    return message.getDescriptorForType().equals(Empty.getDescriptor());
  }

  /**
   * Reads a body; no bytes at all leave every field at its default.
   *
   * @throws RefusalException with {@link RpcRefusal#BAD_INPUT} if the body is no such message
   */
  public static Message read(Encoding encoding, Bytes body, Message prototype) {
    return read(encoding, body.buffer(), prototype);
  }

  /** The same of bytes that stay the caller's, who may want to wipe them. */
  public static Message read(Encoding encoding, ByteBuffer body, Message prototype) {
    if (!body.hasRemaining() || isEmptyType(prototype)) {
      return prototype.getDefaultInstanceForType();
    }
    Message.Builder into = prototype.newBuilderForType();
    switch (encoding) {
      case JSON -> readJson(body, into);
      case PROTOBUF -> readProtobuf(body, into);
    }
    return into.build();
  }

  /** Reads the query of a GET. */
  static Message read(QueryString query, Message prototype) {
    Message.Builder into = prototype.newBuilderForType();
    if (!isEmptyType(prototype)) {
      QueryMessageReader.read(query, into);
    }
    return into.build();
  }

  /** Writes a message; the bytes may contain keys and are wiped when the body is closed. */
  public static ReplyBody write(Encoding encoding, Message message) {
    return switch (encoding) {
      case JSON -> JsonMessageWriter.write(message).finish();
      case PROTOBUF -> writeProtobuf(message);
    };
  }

  private static void readJson(ByteBuffer body, Message.Builder into) {
    CharBuffer text;
    try {
      // Decoded here and strictly: the parser would guess UTF-16 and UTF-32 as well.
      text = StandardCharsets.UTF_8.newDecoder().decode(body);
    } catch (CharacterCodingException e) {
      throw new RefusalException(RpcRefusal.BAD_INPUT, "invalid input: the body is not UTF-8");
    }
    try {
      JsonMessageReader.read(text.array(), text.length(), into);
    } finally {
      Arrays.fill(text.array(), '\0');
    }
  }

  private static void readProtobuf(ByteBuffer body, Message.Builder into) {
    byte[] content = new byte[body.remaining()];
    body.get(content);
    try {
      into.mergeFrom(content);
    } catch (InvalidProtocolBufferException e) {
      throw new RefusalException(
          RpcRefusal.BAD_INPUT,
          "invalid input: malformed protobuf",
          String.valueOf(e.getMessage()));
    }
  }

  private static ReplyBody writeProtobuf(Message message) {
    byte[] content = new byte[message.getSerializedSize()];
    CodedOutputStream out = CodedOutputStream.newInstance(content);
    try {
      message.writeTo(out);
      out.checkNoSpaceLeft();
    } catch (IOException e) {
      throw new UncheckedIOException("an array takes what was measured", e);
    }
    return ReplyBody.takeOver(content, content.length);
  }
}
