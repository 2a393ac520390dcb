// Runs a TypeScript script of the project with the project's Node: `node scripts/run.mjs scripts/x.ts …`.
import { ensureDependencies, runProject } from './setup/dependencies.mjs';

const [script, ...args] = process.argv.slice(2);
runProject(ensureDependencies({ quiet: true }), script, args);
