import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { PersonLimits, type ViewingLimits } from '../../../shared/api/limits.ts';
import { api } from '../../app/api.ts';
import { messageOf } from '../../app/problem-answer.ts';
import { Button } from '../../ui/button.tsx';
import { toast } from '../../ui/toasts.tsx';

const STREAMS = [1, 2, 3, 4, 6, 8] as const;
const MEGABITS = [2, 4, 8, 12, 20, 40] as const;

/** How much one person may take of machines and lines; each choice is kept at once. */
export function ViewingLimitFields({ userId }: { userId: string }) {
  const queries = useQueryClient();
  const queryKey = ['limits', userId];
  const limits = useQuery({
    queryKey,
    queryFn: ({ signal }) => api.request(PersonLimits, `/users/${userId}/limits`, { signal }),
  });
  const change = useMutation({
    mutationFn: (body: ViewingLimits | null) =>
      api.request(
        PersonLimits,
        `/users/${userId}/limits`,
        body === null ? { method: 'DELETE' } : { method: 'PUT', body },
      ),
    onSuccess: (kept) => queries.setQueryData(queryKey, kept),
    onError: (error) => toast(messageOf(error), 'error'),
  });
  if (limits.data === undefined) return null;
  const now = (change.isPending && change.variables) || limits.data;
  const set = (part: Partial<ViewingLimits>) => {
    const { maxStreams, maxRemoteKbps } = now;
    change.mutate({ maxStreams, maxRemoteKbps, ...part });
  };
  return (
    <div className="flex flex-col gap-4">
      <Choice
        label="Films at once"
        hint="On all their devices together"
        none="Any number"
        value={now.maxStreams}
        options={STREAMS.map((streams) => [streams, String(streams)])}
        onChange={(maxStreams) => set({ maxStreams })}
        testId="max-streams"
      />
      <Choice
        label="Away from home"
        hint="The most that one film may take of a machine’s line"
        none="As much as there is"
        value={now.maxRemoteKbps}
        options={MEGABITS.map((megabits) => [megabits * 1000, `${megabits} Mbit/s`])}
        onChange={(maxRemoteKbps) => set({ maxRemoteKbps })}
        testId="max-remote"
      />
      <p className="flex min-h-9 items-center justify-between gap-4 text-sm text-smoke">
        {limits.data.own ? 'These are their own limits.' : 'These hold for everybody, by the settings of this server.'}
        {limits.data.own && (
          <Button size="sm" variant="ghost" busy={change.isPending} onClick={() => change.mutate(null)}>
            As for everybody
          </Button>
        )}
      </p>
    </div>
  );
}

interface ChoiceProps {
  label: string;
  hint: string;
  /** What null is called. */
  none: string;
  value: number | null;
  options: readonly (readonly [value: number, words: string])[];
  onChange(value: number | null): void;
  testId: string;
}

function Choice({ label, hint, none, value, options, onChange, testId }: ChoiceProps) {
  // One that was set elsewhere, by the API, is shown as it is.
  const known = value === null || options.some(([option]) => option === value);
  return (
    <label className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 text-sm font-medium text-sand">
      <span className="flex-1 basis-44">
        {label}
        <span className="block font-normal text-smoke">{hint}</span>
      </span>
      <select
        value={value ?? ''}
        onChange={(event) => onChange(event.target.value === '' ? null : Number(event.target.value))}
        className="h-10 shrink-0 rounded-xl border border-cream/12 bg-coal/60 px-3 text-[0.95rem] text-cream"
        data-testid={testId}
      >
        <option value="">{none}</option>
        {!known && <option value={value}>{value}</option>}
        {options.map(([option, words]) => (
          <option key={option} value={option}>
            {words}
          </option>
        ))}
      </select>
    </label>
  );
}
