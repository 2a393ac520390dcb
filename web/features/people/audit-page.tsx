import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { AUDIT_EVENTS, type AuditEntry, AuditEvent } from '../../../shared/api/audit.ts';
import { Button, buttonClass } from '../../ui/button.tsx';
import { EmptyState, ErrorState, Skeleton } from '../../ui/states.tsx';
import { AdminFrame } from '../admin/admin-frame.tsx';
import { useIsAdmin } from '../shell/roles.ts';
import { auditFilter, auditQuery, peopleQuery } from './queries.ts';
import { ALARMING, EVENT_WORDS, subjectWords } from './words.ts';

const SELECT =
  'h-10 min-w-0 flex-1 rounded-xl border border-cream/12 bg-coal/60 px-3 text-[0.95rem] text-cream sm:max-w-64 sm:flex-none';

const TIME = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

/** Who did what. */
export function AuditPage() {
  const [event, setEvent] = useState<AuditEvent | ''>('');
  const [userId, setUserId] = useState('');
  const admin = useIsAdmin();
  const people = useQuery({ ...peopleQuery, enabled: admin }).data?.items ?? [];
  const log = useInfiniteQuery({ ...auditQuery(event, userId), enabled: admin });
  const entries = log.data?.pages.flatMap((page) => page.items);
  const exported = (format: 'csv' | 'jsonl') => {
    const query = auditFilter(event, userId);
    query.set('format', format);
    return `/api/v1/audit/export?${query}`;
  };
  return (
    <AdminFrame title="Log">
      <div className="mb-5 flex flex-wrap items-center gap-3">
        <select
          aria-label="What happened"
          className={SELECT}
          value={event}
          onChange={(change) => setEvent(AuditEvent.safeParse(change.target.value).data ?? '')}
        >
          <option value="">Everything</option>
          {AUDIT_EVENTS.map((name) => (
            <option key={name} value={name}>
              {EVENT_WORDS[name]}
            </option>
          ))}
        </select>
        <select
          aria-label="Who did it"
          className={SELECT}
          value={userId}
          onChange={(change) => setUserId(change.target.value)}
        >
          <option value="">Everybody</option>
          {people.map((person) => (
            <option key={person.id} value={person.id}>
              {person.name}
            </option>
          ))}
        </select>
        <span className="flex w-full gap-2 sm:ml-auto sm:w-auto">
          <a className={buttonClass('secondary', 'sm')} href={exported('csv')} download>
            CSV
          </a>
          <a className={buttonClass('secondary', 'sm')} href={exported('jsonl')} download>
            JSON lines
          </a>
        </span>
      </div>
      {log.isPending && <Skeleton className="h-64 rounded-2xl" />}
      {log.isError && entries === undefined && <ErrorState error={log.error} onRetry={() => log.refetch()} />}
      {entries?.length === 0 && (
        <EmptyState icon="activity" title="Nothing of that kind">
          What people do with their accounts is kept here, for as long as the settings say.
        </EmptyState>
      )}
      {entries && entries.length > 0 && (
        <ul className="panel divide-y divide-cream/8" data-testid="audit">
          {entries.map((entry) => (
            <Entry key={entry.id} entry={entry} />
          ))}
        </ul>
      )}
      {log.hasNextPage && (
        <div className="mt-5 text-center">
          <Button busy={log.isFetchingNextPage} onClick={() => log.fetchNextPage()}>
            Show older
          </Button>
        </div>
      )}
    </AdminFrame>
  );
}

function Entry({ entry: { at, event, actor, subject, address } }: { entry: AuditEntry }) {
  return (
    <li className="flex flex-col gap-x-5 gap-y-0.5 px-4 py-3 sm:flex-row sm:items-baseline sm:px-5">
      <time dateTime={new Date(at).toISOString()} className="w-44 shrink-0 text-sm text-smoke tabular-nums">
        {TIME.format(at)}
      </time>
      <p className="min-w-0 flex-1">
        <span className={`font-medium ${ALARMING.has(event) ? 'text-bad' : ''}`}>{EVENT_WORDS[event]}</span>
        {subject !== '' && <span className="text-sand"> · {subjectWords(subject)}</span>}
      </p>
      <p className="shrink-0 text-sm text-sand">
        {actor}
        {address !== 'local' && <span className="text-smoke"> · {address}</span>}
      </p>
    </li>
  );
}
