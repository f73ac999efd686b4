// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ERC1967Proxy} from "@openzeppelin/contracts/proxy/ERC1967/ERC1967Proxy.sol";
import {IAppAuth} from "./IAppAuth.sol";
import {PolicyContract} from "./PolicyContract.sol";
import {
    APP_IMPLEMENTATION,
    GATEWAY_APP_ID,
    KMS_AGGREGATED_MR,
    KMS_DEVICE,
    KMS_INFO,
    OS_IMAGE,
    REGISTERED_APP,
    asValue
} from "./Policies.sol";

/// @title The policy of one KMS: which nodes may hold its root keys, which operating systems are trusted, which
///        applications exist.
/// @notice Anybody may register an application: its id separates its keys from all others, and its own contract decides
///         who gets them. Everything else is the owner's.
contract DstackKms is PolicyContract {
    /// @notice What a client pins before it trusts a node of this KMS.
    struct KmsInfo {
        bytes k256Pubkey;
        bytes caPubkey;
        bytes quote;
        bytes eventlog;
    }

    // The slots are part of the interface: light clients read them with proofs, older deployments upgrade to this.
    KmsInfo public kmsInfo; // 0 to 3
    string public gatewayAppId; // 4
    mapping(address => bool) public registeredApps; // 5
    mapping(bytes32 => bool) public kmsAllowedAggregatedMrs; // 6
    mapping(bytes32 => bool) public kmsAllowedDeviceIds; // 7
    mapping(bytes32 => bool) public allowedOsImages; // 8
    address public appImplementation; // 9
    uint256[50] private __gap; // 10 to 59

    event AppRegistered(address appId);
    event KmsInfoSet(bytes k256Pubkey);
    event KmsAggregatedMrAdded(bytes32 mrAggregated);
    event KmsAggregatedMrRemoved(bytes32 mrAggregated);
    event KmsDeviceAdded(bytes32 deviceId);
    event KmsDeviceRemoved(bytes32 deviceId);
    event OsImageHashAdded(bytes32 osImageHash);
    event OsImageHashRemoved(bytes32 osImageHash);
    event GatewayAppIdSet(string gatewayAppId);
    event AppImplementationSet(address implementation);
    event AppDeployedViaFactory(address indexed appId, address indexed deployer);

    /// @dev Nobody can initialize the implementation itself and become its owner.
    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor() {
        _disableInitializers();
    }

    /// @notice Sets a new proxy up. Without an implementation for applications the factory stays closed.
    function initialize(address initialOwner, address _appImplementation) external initializer {
        __Ownable_init(initialOwner);
        if (_appImplementation != address(0)) {
            _setAppImplementation(_appImplementation);
        }
    }

    function setKmsInfo(KmsInfo calldata info) external onlyOwner {
        kmsInfo = info;
        emit KmsInfoSet(info.k256Pubkey);
        _policyChanged(KMS_INFO, keccak256(info.k256Pubkey), true);
    }

    /// @notice Replaces the quote alone. Silent: the quote proves itself.
    function setKmsQuote(bytes calldata quote) external onlyOwner {
        kmsInfo.quote = quote;
    }

    /// @notice Replaces the event log alone. Silent, as above.
    function setKmsEventlog(bytes calldata eventlog) external onlyOwner {
        kmsInfo.eventlog = eventlog;
    }

    function setGatewayAppId(string calldata appId) external onlyOwner {
        gatewayAppId = appId;
        emit GatewayAppIdSet(appId);
        _policyChanged(GATEWAY_APP_ID, keccak256(bytes(appId)), true);
    }

    function setAppImplementation(address _implementation) external onlyOwner {
        require(_implementation != address(0), "Invalid implementation address");
        _setAppImplementation(_implementation);
    }

    /// @notice Makes an application known. Whatever answers at that address decides about its keys.
    function registerApp(address appId) public {
        require(appId != address(0), "Invalid app ID");
        registeredApps[appId] = true;
        emit AppRegistered(appId);
        _policyChanged(REGISTERED_APP, asValue(appId), true);
    }

    /// @notice Deploys and registers an application that accepts firmware that is out of date.
    function deployAndRegisterApp(
        address initialOwner,
        bool disableUpgrades,
        bool allowAnyDevice,
        bytes32 initialDeviceId,
        bytes32 initialComposeHash
    ) external returns (address appId) {
        return _deploy(initialOwner, disableUpgrades, false, allowAnyDevice, initialDeviceId, initialComposeHash);
    }

    /// @notice Deploys and registers an application in one transaction.
    function deployAndRegisterApp(
        address initialOwner,
        bool disableUpgrades,
        bool requireTcbUpToDate,
        bool allowAnyDevice,
        bytes32 initialDeviceId,
        bytes32 initialComposeHash
    ) external returns (address appId) {
        return _deploy(
            initialOwner, disableUpgrades, requireTcbUpToDate, allowAnyDevice, initialDeviceId, initialComposeHash
        );
    }

    function addKmsAggregatedMr(bytes32 mrAggregated) external onlyOwner {
        kmsAllowedAggregatedMrs[mrAggregated] = true;
        emit KmsAggregatedMrAdded(mrAggregated);
        _policyChanged(KMS_AGGREGATED_MR, mrAggregated, true);
    }

    function removeKmsAggregatedMr(bytes32 mrAggregated) external onlyOwner {
        kmsAllowedAggregatedMrs[mrAggregated] = false;
        emit KmsAggregatedMrRemoved(mrAggregated);
        _policyChanged(KMS_AGGREGATED_MR, mrAggregated, false);
    }

    function addKmsDevice(bytes32 deviceId) external onlyOwner {
        kmsAllowedDeviceIds[deviceId] = true;
        emit KmsDeviceAdded(deviceId);
        _policyChanged(KMS_DEVICE, deviceId, true);
    }

    function removeKmsDevice(bytes32 deviceId) external onlyOwner {
        kmsAllowedDeviceIds[deviceId] = false;
        emit KmsDeviceRemoved(deviceId);
        _policyChanged(KMS_DEVICE, deviceId, false);
    }

    function addOsImageHash(bytes32 osImageHash) external onlyOwner {
        allowedOsImages[osImageHash] = true;
        emit OsImageHashAdded(osImageHash);
        _policyChanged(OS_IMAGE, osImageHash, true);
    }

    function removeOsImageHash(bytes32 osImageHash) external onlyOwner {
        allowedOsImages[osImageHash] = false;
        emit OsImageHashRemoved(osImageHash);
        _policyChanged(OS_IMAGE, osImageHash, false);
    }

    /// @notice Whether a node of that boot may have the root keys. There is no wildcard and no exception for firmware.
    function isKmsAllowed(
        AppBootInfo calldata bootInfo
    ) external view returns (bool isAllowed, string memory reason) {
        if (!_isUpToDate(bootInfo.tcbStatus)) {
            return (false, "TCB status is not up to date");
        }
        if (!allowedOsImages[bootInfo.osImageHash]) {
            return (false, "OS image is not allowed");
        }
        if (!kmsAllowedAggregatedMrs[bootInfo.mrAggregated]) {
            return (false, "Aggregated MR not allowed");
        }
        if (!kmsAllowedDeviceIds[bootInfo.deviceId]) {
            return (false, "KMS is not allowed to boot on this device");
        }
        return (true, "");
    }

    /// @notice Whether an application of that boot may have its keys. The application's contract has the last word; if
    ///         it fails or answers something else than it should, this fails too and nothing is allowed.
    function isAppAllowed(
        AppBootInfo calldata bootInfo
    ) external view returns (bool isAllowed, string memory reason) {
        if (!registeredApps[bootInfo.appId]) {
            return (false, "App not registered");
        }
        if (!allowedOsImages[bootInfo.osImageHash]) {
            return (false, "OS image is not allowed");
        }
        if (bootInfo.appId.code.length == 0) {
            return (false, "App not deployed or invalid address");
        }
        return IAppAuth(bootInfo.appId).isAppAllowed(bootInfo);
    }

    function _setAppImplementation(address implementation) private {
        appImplementation = implementation;
        emit AppImplementationSet(implementation);
        _policyChanged(APP_IMPLEMENTATION, asValue(implementation), true);
    }

    function _deploy(
        address initialOwner,
        bool disableUpgrades,
        bool requireTcbUpToDate,
        bool allowAnyDevice,
        bytes32 deviceId,
        bytes32 composeHash
    ) private returns (address appId) {
        address implementation = appImplementation;
        require(implementation != address(0), "DstackApp implementation not set");
        require(initialOwner != address(0), "Invalid owner address");
        bytes memory setUp = abi.encodeWithSignature(
            "initialize(address,bool,bool,bool,bytes32,bytes32)",
            initialOwner,
            disableUpgrades,
            requireTcbUpToDate,
            allowAnyDevice,
            deviceId,
            composeHash
        );
        appId = address(new ERC1967Proxy(implementation, setUp));
        registerApp(appId);
        emit AppDeployedViaFactory(appId, msg.sender);
    }
}
