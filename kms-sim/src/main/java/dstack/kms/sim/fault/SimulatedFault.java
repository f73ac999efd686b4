package dstack.kms.sim.fault;

/** One way in which a simulated platform lies. */
public sealed interface SimulatedFault
    permits CertificateFault,
        GuestFault,
        QuoteFault,
        TdAttributeBit,
        ContainerFault,
        CollateralFault,
        DocumentFault,
        MaterialFault,
        NsmFault,
        NsmRegisterFault,
        SnpReportFault,
        SnpChainFault,
        TpmQuoteFault {}
