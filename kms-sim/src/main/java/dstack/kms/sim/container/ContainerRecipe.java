package dstack.kms.sim.container;

import dstack.kms.core.bytes.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** What a container is to hold around its quote; every part can be made wrong. */
public final class ContainerRecipe {
  private PlatformEvidence evidence = new PlatformEvidence.Tdx(Bytes.EMPTY, List.of());
  private List<RuntimeEvent> runtimeEvents = List.of();
  private Bytes reportData = Bytes.EMPTY;
  private String config = "";
  private UnaryOperator<Bytes> lastEdit = UnaryOperator.identity();

  /** What the platform says. */
  public ContainerRecipe evidence(PlatformEvidence value) {
    evidence = value;
    return this;
  }

  /** The platform-neutral list of runtime events, from which verifiers replay RTMR3. */
  public ContainerRecipe runtimeEvents(List<RuntimeEvent> value) {
    runtimeEvents = List.copyOf(value);
    return this;
  }

  /** The report data that the container claims. */
  public ContainerRecipe reportData(Bytes value) {
    reportData = value;
    return this;
  }

  /** The host's {@code vm_config}. */
  public ContainerRecipe config(String value) {
    config = value;
    return this;
  }

  /** Changes the platform-neutral list of runtime events. */
  public ContainerRecipe editRuntimeEvents(UnaryOperator<List<RuntimeEvent>> edit) {
    return runtimeEvents(edit.apply(new ArrayList<>(runtimeEvents)));
  }

  /** Changes the platform's log. */
  public ContainerRecipe editEventLog(UnaryOperator<List<LoggedEvent>> edit) {
    return evidence(evidence.withEventLog(edit));
  }

  /** Changes the claimed report data. */
  public ContainerRecipe editReportData(UnaryOperator<Bytes> edit) {
    return reportData(edit.apply(reportData));
  }

  /** Changes the finished container. */
  public ContainerRecipe editLast(UnaryOperator<Bytes> edit) {
    lastEdit = edit;
    return this;
  }

  /** Encodes the container, not stripped. */
  public Bytes make(ContainerVersion version) {
    Bytes container =
        switch (version) {
          case V0 -> ScaleContainer.of(evidence, runtimeEvents, reportData, config);
          case V1 -> MsgPackContainer.of(evidence, runtimeEvents, reportData, config);
        };
    return lastEdit.apply(container);
  }
}
