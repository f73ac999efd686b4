// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";

/// @title Who decides whether a measured workload may have keys.
/// @notice The KMS contract decides for itself and then asks the application's contract, which has this interface too.
interface IAppAuth is IERC165 {
    /// @notice What the hardware evidence of one boot says. An absent value arrives here as zero, so zero must never be
    ///         on an allow-list.
    /// @param appId contract of the application, the 20 bytes that its keys are derived from
    /// @param composeHash SHA-256 of the application's definition
    /// @param instanceId one installation of the application
    /// @param deviceId SHA-256 of the machine's hardware identity
    /// @param mrAggregated digest over all measurements
    /// @param mrSystem digest over the measurements without the application
    /// @param osImageHash digest of the operating system image
    /// @param tcbStatus the vendor's verdict about firmware and microcode, for example UpToDate
    /// @param advisoryIds the vendor's advisories that apply
    struct AppBootInfo {
        address appId;
        bytes32 composeHash;
        address instanceId;
        bytes32 deviceId;
        bytes32 mrAggregated;
        bytes32 mrSystem;
        bytes32 osImageHash;
        string tcbStatus;
        string[] advisoryIds;
    }

    /// @notice Whether keys may be released to that boot; if not, the first rule that failed.
    function isAppAllowed(AppBootInfo calldata bootInfo) external view returns (bool isAllowed, string memory reason);
}
