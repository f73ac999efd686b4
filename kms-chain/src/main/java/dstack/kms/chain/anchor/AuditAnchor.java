package dstack.kms.chain.anchor;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Call;
import dstack.kms.core.audit.AuditHead;
import dstack.kms.core.bytes.Bytes;
import java.math.BigInteger;
import java.nio.ByteBuffer;

/**
 * The head of an audit log as a transaction: no money, to whomever the sender chooses, with a tag,
 * the line's number (8 bytes) and its hash (32 bytes) as data, 64 bytes in all.
 */
public record AuditAnchor(AuditHead head) {
  /** Says what it is, and keeps the selector from being one of a contract. */
  private static final Bytes TAG = Bytes.utf8("dstack-kms-audit-head-v1");

  private static final int LENGTH = 24 + 8 + 32;

  /** The transaction's data. */
  public Bytes data() {
    Bytes sequence = Bytes.of(ByteBuffer.allocate(8).putLong(head.sequence()).array());
    return Bytes.concat(TAG, sequence, head.hash());
  }

  /** The call that anchors it. */
  public Call call(Address to) {
    return new Call(to, BigInteger.ZERO, data());
  }

  /** The head in a transaction's data; refuses any other data. */
  public static AuditAnchor parse(Bytes data) {
    if (data.length() != LENGTH || !data.slice(0, TAG.length()).equals(TAG)) {
      throw AnchorRefusal.FORM.because("the transaction's data is no head of an audit log");
    }
    long sequence = data.slice(24, 32).buffer().getLong();
    if (sequence < 0) {
      throw AnchorRefusal.FORM.because("the anchored line has no number that can be");
    }
    return new AuditAnchor(new AuditHead(sequence, data.slice(32, LENGTH)));
  }
}
