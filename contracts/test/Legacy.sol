// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.22;

import {OwnableUpgradeable} from "@openzeppelin/contracts-upgradeable/access/OwnableUpgradeable.sol";
import {UUPSUpgradeable} from "@openzeppelin/contracts-upgradeable/proxy/utils/UUPSUpgradeable.sol";
import {ERC1967Proxy} from "@openzeppelin/contracts/proxy/ERC1967/ERC1967Proxy.sol";

// Stand-ins with the storage, the initializers and the one-step ownership of the oldest deployments (specification 20
// §0, §6), so that tests can upgrade them. They decide nothing.

contract LegacyApp is OwnableUpgradeable, UUPSUpgradeable {
    mapping(bytes32 => bool) public allowedComposeHashes;
    bool private _upgradesDisabled;
    bool public allowAnyDevice;
    mapping(bytes32 => bool) public allowedDeviceIds;
    uint256[50] private __gap;

    constructor() {
        _disableInitializers();
    }

    function initialize(
        address initialOwner,
        bool _disableUpgrades,
        bool _allowAnyDevice,
        bytes32 initialDeviceId,
        bytes32 initialComposeHash
    ) external initializer {
        _upgradesDisabled = _disableUpgrades;
        allowAnyDevice = _allowAnyDevice;
        allowedDeviceIds[initialDeviceId] = initialDeviceId != 0;
        allowedComposeHashes[initialComposeHash] = initialComposeHash != 0;
        __Ownable_init(initialOwner);
    }

    /// What an owner of the oldest contract could do, and what ours refuses.
    function addComposeHash(bytes32 composeHash) external onlyOwner {
        allowedComposeHashes[composeHash] = true;
    }

    function _authorizeUpgrade(address) internal view override onlyOwner {
        require(!_upgradesDisabled, "Upgrades are permanently disabled");
    }
}

contract LegacyKms is OwnableUpgradeable, UUPSUpgradeable {
    struct KmsInfo {
        bytes k256Pubkey;
        bytes caPubkey;
        bytes quote;
        bytes eventlog;
    }

    KmsInfo public kmsInfo;
    string public gatewayAppId;
    mapping(address => bool) public registeredApps;
    mapping(bytes32 => bool) public kmsAllowedAggregatedMrs;
    mapping(bytes32 => bool) public kmsAllowedDeviceIds;
    mapping(bytes32 => bool) public allowedOsImages;
    address public appImplementation;
    uint256[50] private __gap;

    constructor() {
        _disableInitializers();
    }

    function initialize(address initialOwner, address _appImplementation) external initializer {
        __Ownable_init(initialOwner);
        appImplementation = _appImplementation;
    }

    function fill(KmsInfo calldata info, string calldata gateway, address app, bytes32 mr, bytes32 device, bytes32 image)
        external
        onlyOwner
    {
        kmsInfo = info;
        gatewayAppId = gateway;
        registeredApps[app] = true;
        kmsAllowedAggregatedMrs[mr] = true;
        kmsAllowedDeviceIds[device] = true;
        allowedOsImages[image] = true;
    }

    /// The factory of that generation, which calls the five-argument initializer.
    function deployAndRegisterApp(
        address initialOwner,
        bool disableUpgrades,
        bool allowAnyDevice,
        bytes32 initialDeviceId,
        bytes32 initialComposeHash
    ) external returns (address appId) {
        bytes memory setUp = abi.encodeCall(
            LegacyApp.initialize, (initialOwner, disableUpgrades, allowAnyDevice, initialDeviceId, initialComposeHash)
        );
        appId = address(new ERC1967Proxy(appImplementation, setUp));
        registeredApps[appId] = true;
    }

    function _authorizeUpgrade(address) internal view override onlyOwner {}
}
