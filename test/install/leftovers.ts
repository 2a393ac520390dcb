/** Folders that hold what a system writes down about itself, whoever asked for what. */
const OF_THE_SYSTEM = [
  ...['/var/lib/dpkg', '/var/lib/apt', '/var/cache', '/var/log', '/var/tmp', '/var/lib/systemd', '/var/lib/sudo'],
  ...['/etc/ld.so.cache', '/etc/.pwd.lock', '/etc/machine-id', '/root/.bash_history', '/run', '/tmp'],
];

/** Small files that user management keeps beside its tables. */
const BACKUP_OF_A_TABLE = /^\/etc\/(passwd|group|shadow|gshadow|subuid|subgid)-?$/;

const MANY = 4;

const folderOf = (path: string) => path.slice(0, path.lastIndexOf('/'));

/** Debian's merged folders: packages name both. */
const merged = (path: string) => path.replace(/^\/(bin|sbin|lib|lib32|lib64|libx32)(?=\/|$)/, '/usr/$1');

/**
 * What is on a machine that was not there before, without what the package manager brought and without what the
 * system writes down about itself. A folder stands for all that is in it; many in one folder are told by their number.
 */
export function leftovers(before: readonly string[], after: readonly string[], packaged: readonly string[]): string[] {
  const known = new Set([...before, ...packaged].map(merged));
  const left = after.filter(
    (path) =>
      !known.has(merged(path)) &&
      !BACKUP_OF_A_TABLE.test(path) &&
      !OF_THE_SYSTEM.some((folder) => path === folder || path.startsWith(`${folder}/`)),
  );
  const all = new Set(left);
  const alone = left.filter((path) => !all.has(folderOf(path))).sort();
  return [...Map.groupBy(alone, folderOf)].flatMap(([folder, paths]) =>
    paths.length > MANY ? [`${folder}: ${paths.length} of them`] : paths,
  );
}
