import type { ReactNode } from 'react';
import { ChoiceRow, TextRow } from './setting-row.tsx';
import * as words from './setting-words.ts';
import type { SettingsGroup } from './use-settings.ts';

/** What people meet before they are in, and how long it lasts. */
export function DoorSettings({ settings, busy, change }: SettingsGroup) {
  return (
    <Group title="The door">
      <TextRow
        label="Name of this server"
        meaning="People see it where they sign in, and in invitations."
        value={settings.serverName}
        maxLength={60}
        required
        busy={busy}
        testId="server-name"
        onSave={(serverName) => change({ serverName })}
      />
      <TextRow
        label="A word at the door"
        meaning="Shown where people sign in, also to strangers: whom to ask for an invitation, for example."
        value={settings.doorMessage}
        maxLength={300}
        tall
        placeholder="None"
        busy={busy}
        testId="door-message"
        onSave={(doorMessage) => change({ doorMessage })}
      />
      <ChoiceRow
        label="Stay signed in"
        meaning="A device that is not used for this long must sign in again. Holds from the next use of each device on."
        value={settings.signInDays}
        options={words.SIGN_IN_DAYS}
        spell={(days) => `${days} days`}
        busy={busy}
        testId="sign-in-days"
        onChange={(signInDays) => change({ signInDays })}
      />
      <ChoiceRow
        label="Televisions by a code"
        meaning="A television shows a code, and whoever is signed in elsewhere types it to let it in."
        value={settings.devicePairing}
        options={words.PAIRING}
        busy={busy}
        testId="device-pairing"
        onChange={(devicePairing) => change({ devicePairing })}
      />
    </Group>
  );
}

/** What holds for everybody of whom nothing else was said. */
export function PeopleSettings({ settings, busy, change }: SettingsGroup) {
  return (
    <Group title="People">
      <ChoiceRow
        label="Films at once"
        meaning="For each person, on all devices together. Whoever has limits of their own, under People, keeps them."
        value={settings.maxStreams}
        options={words.STREAMS}
        busy={busy}
        testId="everybody-streams"
        onChange={(maxStreams) => change({ maxStreams })}
      />
      <ChoiceRow
        label="Away from home"
        meaning="The most that one film may take of a machine’s line. Films that need more are converted to fit."
        value={settings.maxRemoteKbps}
        options={words.REMOTE_KBPS}
        spell={(kbps) => `${(kbps ?? 0) / 1000} Mbit/s`}
        busy={busy}
        testId="everybody-remote"
        onChange={(maxRemoteKbps) => change({ maxRemoteKbps })}
      />
      <ChoiceRow
        label="Keep the log"
        meaning="Of sign-ins and of what admins did, under Log. What is older is deleted."
        value={settings.auditDays}
        options={words.AUDIT_DAYS}
        spell={(days) => `${days} days`}
        busy={busy}
        testId="audit-days"
        onChange={(auditDays) => change({ auditDays })}
      />
    </Group>
  );
}

/** What machines are told. What a machine’s own configuration says is stronger. */
export function MachineSettings({ settings, busy, change }: SettingsGroup) {
  return (
    <Group title="Machines">
      <ChoiceRow
        label="Look at all folders again"
        meaning="Changes are mostly seen at once; this finds what was missed, as on network shares. A library can say otherwise."
        value={settings.rescanMinutes}
        options={words.RESCAN_MINUTES}
        spell={(minutes) => `Every ${minutes} minutes`}
        busy={busy}
        testId="rescan-minutes"
        onChange={(rescanMinutes) => change({ rescanMinutes })}
      />
      <ChoiceRow
        label="New versions"
        meaning="How machines come to this server’s version of the agent. One whose own configuration says otherwise goes by that."
        value={settings.agentUpdates}
        options={words.AGENT_UPDATES}
        busy={busy}
        testId="agent-updates"
        onChange={(agentUpdates) => change({ agentUpdates })}
      />
      {settings.agentUpdates === 'automatic' && (
        <ChoiceRow
          label="Hours for that"
          meaning="By each machine’s own clock. Films that play are handed over to other machines where there are any."
          value={settings.agentUpdateHours}
          options={words.UPDATE_HOURS}
          busy={busy}
          testId="agent-update-hours"
          onChange={(agentUpdateHours) => change({ agentUpdateHours })}
        />
      )}
    </Group>
  );
}

export function BackupSettings({ settings, busy, change }: SettingsGroup) {
  return (
    <Group title="Backups by themselves">
      <ChoiceRow
        label="Make a backup"
        meaning="Of all that people made: accounts, restrictions, what was watched, ratings, playlists, libraries, settings. Films are not in it."
        value={settings.backupEvery}
        options={words.BACKUP_EVERY}
        busy={busy}
        testId="backup-every"
        onChange={(backupEvery) => change({ backupEvery })}
      />
      <ChoiceRow
        label="Keep"
        meaning="The oldest backup goes when there is one more than this."
        value={settings.backupKeep}
        options={words.BACKUP_KEEP}
        spell={(n) => `${n} backups`}
        busy={busy}
        testId="backup-keep"
        onChange={(backupKeep) => change({ backupKeep })}
      />
    </Group>
  );
}

function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section>
      <h2 className="mb-3 text-xl font-semibold">{title}</h2>
      <div className="panel divide-y divide-cream/8">{children}</div>
    </section>
  );
}
