package dstack.kms.onboard.backup;

import com.google.protobuf.UnsafeByteOperations;
import dstack.kms.onboard.backup.share.ShareFile;
import dstack.kms.rpc.proto.BackupShareFile;
import dstack.kms.rpc.proto.CreateBackupRequest;
import dstack.kms.rpc.proto.CreateBackupResponse;
import dstack.kms.rpc.prpc.Answer;
import dstack.kms.rpc.prpc.RpcMethod;
import java.util.List;

/** {@code Admin.CreateBackup}: the sealed share files, for whoever may use the admin listener. */
public final class BackupMethod {
  private BackupMethod() {}

  /** The method; by POST only. */
  public static RpcMethod<?> of(BackupCreation creation) {
    return RpcMethod.of(
            "CreateBackup",
            CreateBackupRequest.getDefaultInstance(),
            (_, _) -> Answer.of(response(creation.run())))
        .onlyByPost();
  }

  private static CreateBackupResponse response(List<ShareFile> files) {
    CreateBackupResponse.Builder response =
        CreateBackupResponse.newBuilder()
            .setSetId(
                UnsafeByteOperations.unsafeWrap(files.getFirst().manifest().setId().buffer()));
    for (ShareFile file : files) {
      response.addShares(
          BackupShareFile.newBuilder()
              .setName(file.name())
              .setContent(UnsafeByteOperations.unsafeWrap(file.encode().buffer())));
    }
    return response.build();
  }
}
