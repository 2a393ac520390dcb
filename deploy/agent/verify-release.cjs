// Runs inside the installers, before any of the agent's own code is believed: node verify.cjs FOLDER KEY INSTALLED
// DOWNGRADE. Prints the version of the release that lies in the folder, or says what is wrong with it and fails.
const { createHash, createPublicKey, verify } = require('node:crypto');
const { readFileSync } = require('node:fs');

const [folder, key, installed, downgrade] = process.argv.slice(2);
const read = (name) => readFileSync(`${folder}/${name}`);

function end(text) {
  process.stderr.write(`install: ${text}\n`);
  process.exit(1);
}

function isSigned(bytes) {
  try {
    const publicKey = createPublicKey({ key: Buffer.from(key, 'base64'), format: 'der', type: 'spki' });
    return verify(null, bytes, publicKey, Buffer.from(read('manifest.sig').toString().trim(), 'base64'));
  } catch {
    return false;
  }
}

/** Three numbers, and a finished release after its own previews. */
function ranks(version) {
  const [numbers, word] = version.split('-', 2);
  return [...numbers.split('.').map(Number), word ? 0 : 1];
}

function isOlder(version, than) {
  const [a, b] = [ranks(version), ranks(than)];
  const at = a.findIndex((rank, i) => rank !== b[i]);
  return at >= 0 && a[at] < b[at];
}

const manifest = read('manifest.json');
if (!isSigned(manifest)) {
  end('the agent that the server offers is not signed with the key that is trusted here: nothing was installed');
}
const { version, files } = JSON.parse(manifest);
if (!/^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/.test(version)) end('the release has no version: nothing was installed');
for (const [name, { size, sha256 }] of Object.entries(files)) {
  const bytes = read(name);
  if (bytes.length !== size || createHash('sha256').update(bytes).digest('hex') !== sha256) {
    end(`${name} is not what its signed manifest names: nothing was installed`);
  }
}
if (installed && isOlder(version, installed) && !downgrade) {
  end(`the server offers ${version}, and ${installed} is installed: add --allow-downgrade if that is meant`);
}
process.stdout.write(`${version}\n`);
