import { ensureDependencies, runProject, SMALL } from './setup/dependencies.mjs';

runProject(ensureDependencies(), 'scripts/local/main.ts', process.argv.slice(2), SMALL);
