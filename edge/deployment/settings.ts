import { type ChangeSettings, Settings } from '../../shared/api/settings.ts';
import type { UpdateWishes } from '../../shared/protocol/updates.ts';
import type { Bindings } from '../bindings.ts';
import { readSettingRows, writeSettingRows } from '../db/settings.ts';

type Db = Pick<Bindings, 'DB' | 'SERVER_NAME'>;

/** The settings that hold: what was decided, else the deployment's variable for the name, else the defaults. */
export async function readSettings(env: Db): Promise<Settings> {
  const decided: Record<string, unknown> = env.SERVER_NAME === undefined ? {} : { serverName: env.SERVER_NAME };
  for (const { name, value } of await readSettingRows(env)) {
    const schema = Settings.shape[name as keyof Settings];
    // A row of a newer release, or one whose bounds have changed since, must not keep this one from working.
    const parsed = schema?.safeParse(JSON.parse(value));
    if (parsed?.success) decided[name] = parsed.data;
  }
  return Settings.parse(decided);
}

/** How machines come to newer agents where their own configuration does not say. */
export async function updateWishes(env: Db): Promise<UpdateWishes> {
  const { agentUpdates: mode, agentUpdateHours: hours } = await readSettings(env);
  return { mode, hours };
}

/** Decides some of the settings; answers with all that hold then. */
export async function changeSettings(env: Db, changes: ChangeSettings, now: number): Promise<Settings> {
  const rows = Object.entries(changes)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ({ name, value: JSON.stringify(value) }));
  if (rows.length > 0) await writeSettingRows(env, rows, now);
  return readSettings(env);
}
