// usage: node wasm-peer.mjs QUOTE COLLATERAL NOW
// Prints the median microseconds of one verification by the published WebAssembly build.
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const folder = `${process.env.KMS_NPM}/node_modules/@phala/dcap-qvl-web`;
const [quoteFile, collateralFile, now] = process.argv.slice(2);
const description = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));
const module = await import(pathToFileURL(`${folder}/${description.module ?? description.main}`).href);
module.initSync({ module: readFileSync(`${folder}/dcap-qvl-web_bg.wasm`) });
const quote = readFileSync(quoteFile);
const collateral = JSON.parse(readFileSync(collateralFile, 'utf8'));

const once = () => {
  const begin = process.hrtime.bigint();
  const result = module.js_verify(quote, collateral, BigInt(now));
  const end = process.hrtime.bigint();
  if (result.status !== 'UpToDate') throw new Error(`the peer says ${result.status}`);
  return Number(end - begin) / 1000;
};

for (let i = 0; i < 15; i++) once();
const times = Array.from({ length: 50 }, once).sort((a, b) => a - b);
console.log(times[25].toFixed(1));
