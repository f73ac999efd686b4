// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.22;

// What somebody could register as an application or propose as an implementation. Every call is answered by the fallback.

/// Says yes to everything, correctly encoded.
contract SaysYes {
    fallback() external payable {
        bytes memory answer = abi.encode(true, "");
        assembly {
            return(add(answer, 32), mload(answer))
        }
    }
}

contract RevertsWithText {
    fallback() external payable {
        revert("not today");
    }
}

contract BurnsGas {
    fallback() external payable {
        assembly {
            for {} 1 {} {}
        }
    }
}

contract AnswersOneWord {
    fallback() external payable {
        assembly {
            mstore(0, 1)
            return(0, 32)
        }
    }
}

/// A truth value of two, which no compiler writes.
contract AnswersTwo {
    fallback() external payable {
        assembly {
            mstore(0, 2)
            mstore(32, 64)
            mstore(64, 0)
            return(0, 96)
        }
    }
}

/// A reason that lies outside of the answer.
contract AnswersFarAway {
    fallback() external payable {
        assembly {
            mstore(0, 1)
            mstore(32, 0x1000)
            return(0, 64)
        }
    }
}

/// Tries to write while it is asked.
contract WritesWhenAsked {
    uint256 private asked;

    fallback() external payable {
        asked += 1;
        bytes memory answer = abi.encode(true, "");
        assembly {
            return(add(answer, 32), mload(answer))
        }
    }
}

/// An implementation whose UUID is another one.
contract OtherUuid {
    function proxiableUUID() external pure returns (bytes32) {
        return bytes32(uint256(7));
    }
}

contract RevertingUuid {
    function proxiableUUID() external pure returns (bytes32) {
        revert("no UUID");
    }
}

contract ShortUuid {
    fallback() external {
        assembly {
            return(0, 31)
        }
    }
}
