package dstack.kms.attest.dcap;

import dstack.kms.core.bytes.Bytes;
import java.util.List;

/** The content of a quoting enclave's identity document (specification 11 §6.7). */
record QeIdentity(
    String id,
    int version,
    String issueDate,
    String nextUpdate,
    long tcbEvaluationDataNumber,
    Bytes miscSelect,
    Bytes miscSelectMask,
    Bytes attributes,
    Bytes attributesMask,
    Bytes mrSigner,
    int isvProdId,
    List<TcbInfo.SvnLevel> tcbLevels) {}
