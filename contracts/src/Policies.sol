// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

// Second topic of PolicyChanged. An auditor filters by these; a name never changes its meaning.

bytes32 constant APP_IMPLEMENTATION = keccak256("app-implementation");
bytes32 constant KMS_INFO = keccak256("kms-info");
bytes32 constant GATEWAY_APP_ID = keccak256("gateway-app-id");
bytes32 constant REGISTERED_APP = keccak256("registered-app");
bytes32 constant KMS_AGGREGATED_MR = keccak256("kms-aggregated-mr");
bytes32 constant KMS_DEVICE = keccak256("kms-device");
bytes32 constant OS_IMAGE = keccak256("os-image");
bytes32 constant IMPLEMENTATION_UPGRADE = keccak256("implementation-upgrade");
bytes32 constant DEVICE = keccak256("device");
bytes32 constant COMPOSE_HASH = keccak256("compose-hash");
bytes32 constant ALLOW_ANY_DEVICE = keccak256("allow-any-device");
bytes32 constant REQUIRE_TCB_UP_TO_DATE = keccak256("require-tcb-up-to-date");
bytes32 constant UPGRADES_DISABLED = keccak256("upgrades-disabled");

/// @dev An address as a value of PolicyChanged: left-padded.
function asValue(address account) pure returns (bytes32) {
    return bytes32(uint256(uint160(account)));
}
