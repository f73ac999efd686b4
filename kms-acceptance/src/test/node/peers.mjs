// Loads an npm package from the folder that the build installed its peers into.
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const require = createRequire(`${process.env.KMS_NPM}/package.json`);

export const peer = (name) => import(pathToFileURL(require.resolve(name)).href);
