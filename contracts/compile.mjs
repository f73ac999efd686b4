// Compiles the contracts with the npm compiler and writes contracts/artifacts/*.json.
//   node contracts/compile.mjs [--sources DIR] [--units PREFIX] [--out DIR] [--compiler solc-0.8.22] [--contract UNIT:NAME ...]
// Output depends on the sources, on the versions in build/npm/package-lock.json and on nothing else: names of source
// units are relative, so that the same files give the same bytes in every folder.
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const here = dirname(fileURLToPath(import.meta.url));
const npm = join(here, "../build/npm");
const { values: options } = parseArgs({
  options: {
    sources: { type: "string", default: join(here, "src") },
    out: { type: "string", default: join(here, "artifacts") },
    units: { type: "string", default: "contracts/src/" },
    compiler: { type: "string", default: "solc" },
    contract: { type: "string", multiple: true },
  },
});

const UNITS = options.units; // what the names of the source units in that folder begin with
const CONTRACTS = options.contract ?? [
  `${UNITS}DstackApp.sol:DstackApp`,
  `${UNITS}DstackKms.sol:DstackKms`,
  "@openzeppelin/contracts/proxy/ERC1967/ERC1967Proxy.sol:ERC1967Proxy",
  "@openzeppelin/contracts/governance/TimelockController.sol:TimelockController",
];

// paris: chains without PUSH0 run it too. The IPFS hash of the metadata names the exact sources in the code itself.
const SETTINGS = {
  evmVersion: "paris",
  optimizer: { enabled: true, runs: 200 },
  viaIR: false,
  metadata: { bytecodeHash: "ipfs", useLiteralContent: false },
};

const OUTPUT = ["abi", "evm.bytecode", "evm.deployedBytecode", "evm.methodIdentifiers", "storageLayout"];

const solc = createRequire(join(npm, "package.json"))(options.compiler);

function read(unit) {
  const file = unit.startsWith(UNITS)
    ? join(resolve(options.sources), unit.slice(UNITS.length))
    : join(npm, "node_modules", unit);
  return readFileSync(file, "utf8");
}

function selection() {
  const wanted = {};
  for (const name of CONTRACTS) {
    const [unit, contract] = name.split(":");
    wanted[unit] = { ...wanted[unit], [contract]: OUTPUT };
  }
  return wanted;
}

function compile() {
  const own = readdirSync(options.sources)
    .filter((name) => name.endsWith(".sol"))
    .sort()
    .map((name) => UNITS + name);
  const units = [...new Set([...own, ...CONTRACTS.map((name) => name.split(":")[0])])];
  const input = {
    language: "Solidity",
    sources: Object.fromEntries(units.map((unit) => [unit, { content: read(unit) }])),
    settings: {
      ...SETTINGS,
      outputSelection: selection(),
    },
  };
  const output = JSON.parse(
    solc.compile(JSON.stringify(input), {
      import: (unit) => {
        try {
          return { contents: read(unit) };
        } catch (error) {
          return { error: error.message };
        }
      },
    }),
  );
  const problems = output.errors ?? [];
  if (problems.length > 0) {
    console.error(problems.map((problem) => problem.formattedMessage).join("\n"));
    process.exit(1);
  }
  return output.contracts;
}

/** Storage without the compiler's numbers of syntax nodes, which say nothing about it. */
function storage(layout) {
  return layout.storage.map(({ label, slot, offset, type }) => ({
    label,
    slot: Number(slot),
    offset,
    type: layout.types[type].label,
    bytes: Number(layout.types[type].numberOfBytes),
  }));
}

/** Where the constructor writes into the code; the compiler's keys are numbers of syntax nodes. */
function renumbered(references) {
  const groups = Object.values(references).map((places) =>
    places.map(({ start, length }) => ({ start, length })).sort((one, other) => one.start - other.start),
  );
  return Object.fromEntries(groups.map((places, index) => [index, places]));
}

function artifact(name, contracts) {
  const [unit, contract] = name.split(":");
  const { abi, evm, storageLayout } = contracts[unit][contract];
  return {
    contractName: contract,
    sourceName: unit,
    compiler: solc.version().replace(/\.Emscripten.*/, ""),
    settings: SETTINGS,
    abi,
    bytecode: `0x${evm.bytecode.object}`,
    deployedBytecode: `0x${evm.deployedBytecode.object}`,
    immutableReferences: renumbered(evm.deployedBytecode.immutableReferences ?? {}),
    methods: evm.methodIdentifiers,
    storage: storage(storageLayout),
  };
}

const contracts = compile();
mkdirSync(options.out, { recursive: true });
for (const name of CONTRACTS) {
  const content = artifact(name, contracts);
  writeFileSync(join(options.out, `${content.contractName}.json`), `${JSON.stringify(content, null, 1)}\n`);
}
