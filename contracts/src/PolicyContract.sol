// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Ownable2StepUpgradeable} from "@openzeppelin/contracts-upgradeable/access/Ownable2StepUpgradeable.sol";
import {UUPSUpgradeable} from "@openzeppelin/contracts-upgradeable/proxy/utils/UUPSUpgradeable.sol";
import {ERC165Upgradeable} from "@openzeppelin/contracts-upgradeable/utils/introspection/ERC165Upgradeable.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {IAppAuth} from "./IAppAuth.sol";
import {IMPLEMENTATION_UPGRADE, asValue} from "./Policies.sol";

/// @title What the two contracts share: one owner who is handed over in two steps, upgrades by that owner, one event
///        for every change of policy.
/// @dev It has no storage of its own (the bases keep theirs under ERC-7201), so the slots of the heirs start at 0.
abstract contract PolicyContract is IAppAuth, Ownable2StepUpgradeable, UUPSUpgradeable, ERC165Upgradeable {
    bytes32 private constant UP_TO_DATE = keccak256("UpToDate");

    /// @notice Directly follows the specific event of the same change. The initial flags of an application and changes
    ///         of ownership have none.
    /// @param actor who changed it; while the factory sets an application up, the KMS contract
    /// @param policy Keccak-256 of the policy's name
    /// @param value what was allowed or no longer allowed, or zero for a switch
    event PolicyChanged(address indexed actor, bytes32 indexed policy, bytes32 indexed value, bool enabled);

    /// @inheritdoc IERC165
    function supportsInterface(
        bytes4 interfaceId
    ) public view virtual override(IERC165, ERC165Upgradeable) returns (bool) {
        return interfaceId == type(IAppAuth).interfaceId || super.supportsInterface(interfaceId);
    }

    function _policyChanged(bytes32 policy, bytes32 value, bool enabled) internal {
        emit PolicyChanged(msg.sender, policy, value, enabled);
    }

    /// @dev Byte for byte; every other spelling is another status.
    function _isUpToDate(string calldata tcbStatus) internal pure returns (bool) {
        return keccak256(bytes(tcbStatus)) == UP_TO_DATE;
    }

    function _authorizeUpgrade(address newImplementation) internal virtual override onlyOwner {
        _policyChanged(IMPLEMENTATION_UPGRADE, asValue(newImplementation), true);
    }
}
