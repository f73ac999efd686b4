// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {PolicyContract} from "./PolicyContract.sol";
import {IAppAuthBasicManagement} from "./IAppAuthBasicManagement.sol";
import {ALLOW_ANY_DEVICE, COMPOSE_HASH, DEVICE, REQUIRE_TCB_UP_TO_DATE, UPGRADES_DISABLED} from "./Policies.sol";

/// @title The policy of one application: which of its definitions may have keys, and on which machines.
/// @notice The address of its proxy is the application's id.
contract DstackApp is PolicyContract, IAppAuthBasicManagement {
    // The slots are part of the interface: light clients read them with proofs, older deployments upgrade to this.
    mapping(bytes32 => bool) public allowedComposeHashes; // 0
    bool private _upgradesDisabled; // 1, byte 0
    bool public allowAnyDevice; // 1, byte 1
    mapping(bytes32 => bool) public allowedDeviceIds; // 2
    bool public requireTcbUpToDate; // 3, byte 0; in the oldest deployments the first word of the gap
    uint256[49] private __gap; // 4 to 52

    event UpgradesDisabled();
    event AllowAnyDeviceSet(bool allowAny);
    event RequireTcbUpToDateSet(bool requireUpToDate);

    /// @dev Nobody can initialize the implementation itself and become its owner.
    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor() {
        _disableInitializers();
    }

    /// @notice Sets a new proxy up as the oldest deployments do: firmware that is out of date is accepted.
    function initialize(
        address initialOwner,
        bool _disableUpgrades,
        bool _allowAnyDevice,
        bytes32 initialDeviceId,
        bytes32 initialComposeHash
    ) external initializer {
        _setUp(initialOwner, _disableUpgrades, false, _allowAnyDevice, initialDeviceId, initialComposeHash);
    }

    /// @notice Sets a new proxy up. A zero device or compose hash means: none yet.
    function initialize(
        address initialOwner,
        bool _disableUpgrades,
        bool _requireTcbUpToDate,
        bool _allowAnyDevice,
        bytes32 initialDeviceId,
        bytes32 initialComposeHash
    ) external initializer {
        _setUp(
            initialOwner, _disableUpgrades, _requireTcbUpToDate, _allowAnyDevice, initialDeviceId, initialComposeHash
        );
    }

    /// @notice The generation of this contract's interface. The oldest one has no such function.
    function version() external pure returns (uint256) {
        return 2;
    }

    function addComposeHash(bytes32 composeHash) external onlyOwner {
        require(composeHash != bytes32(0), "invalid compose hash");
        _addComposeHash(composeHash);
    }

    function removeComposeHash(bytes32 composeHash) external onlyOwner {
        allowedComposeHashes[composeHash] = false;
        emit ComposeHashRemoved(composeHash);
        _policyChanged(COMPOSE_HASH, composeHash, false);
    }

    function addDevice(bytes32 deviceId) external onlyOwner {
        require(deviceId != bytes32(0), "invalid device ID");
        _addDevice(deviceId);
    }

    function removeDevice(bytes32 deviceId) external onlyOwner {
        allowedDeviceIds[deviceId] = false;
        emit DeviceRemoved(deviceId);
        _policyChanged(DEVICE, deviceId, false);
    }

    function setAllowAnyDevice(bool _allowAnyDevice) external onlyOwner {
        allowAnyDevice = _allowAnyDevice;
        emit AllowAnyDeviceSet(_allowAnyDevice);
        _policyChanged(ALLOW_ANY_DEVICE, bytes32(0), _allowAnyDevice);
    }

    function setRequireTcbUpToDate(bool _requireUpToDate) external onlyOwner {
        requireTcbUpToDate = _requireUpToDate;
        emit RequireTcbUpToDateSet(_requireUpToDate);
        _policyChanged(REQUIRE_TCB_UP_TO_DATE, bytes32(0), _requireUpToDate);
    }

    /// @notice Makes the code of this application final. There is no way back.
    function disableUpgrades() external onlyOwner {
        _upgradesDisabled = true;
        emit UpgradesDisabled();
        _policyChanged(UPGRADES_DISABLED, bytes32(0), true);
    }

    /// @notice Whether this application's owner allows that boot. The KMS contract asks this last; it does not compare
    ///         bootInfo.appId with this contract's own address, because the caller chose the contract by it.
    function isAppAllowed(
        AppBootInfo calldata bootInfo
    ) external view returns (bool isAllowed, string memory reason) {
        if (requireTcbUpToDate && !_isUpToDate(bootInfo.tcbStatus)) {
            return (false, "TCB status is not up to date");
        }
        if (!allowedComposeHashes[bootInfo.composeHash]) {
            return (false, "Compose hash not allowed");
        }
        if (!allowAnyDevice && !allowedDeviceIds[bootInfo.deviceId]) {
            return (false, "Device not allowed");
        }
        return (true, "");
    }

    function supportsInterface(bytes4 interfaceId) public view override returns (bool) {
        return interfaceId == type(IAppAuthBasicManagement).interfaceId || super.supportsInterface(interfaceId);
    }

    function _setUp(
        address initialOwner,
        bool disableUpgrades_,
        bool requireTcbUpToDate_,
        bool allowAnyDevice_,
        bytes32 deviceId,
        bytes32 composeHash
    ) private {
        require(initialOwner != address(0), "invalid owner address");
        _upgradesDisabled = disableUpgrades_;
        requireTcbUpToDate = requireTcbUpToDate_;
        allowAnyDevice = allowAnyDevice_;
        if (deviceId != bytes32(0)) {
            _addDevice(deviceId);
        }
        if (composeHash != bytes32(0)) {
            _addComposeHash(composeHash);
        }
        __Ownable_init(initialOwner);
    }

    function _addComposeHash(bytes32 composeHash) private {
        allowedComposeHashes[composeHash] = true;
        emit ComposeHashAdded(composeHash);
        _policyChanged(COMPOSE_HASH, composeHash, true);
    }

    function _addDevice(bytes32 deviceId) private {
        allowedDeviceIds[deviceId] = true;
        emit DeviceAdded(deviceId);
        _policyChanged(DEVICE, deviceId, true);
    }

    /// @dev The owner first: strangers learn nothing about the switch.
    function _authorizeUpgrade(address newImplementation) internal override {
        super._authorizeUpgrade(newImplementation);
        require(!_upgradesDisabled, "Upgrades are permanently disabled");
    }
}
