import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { Agent, Site } from '../../../shared/api/fleet.ts';
import { agentsQuery, sitesQuery } from '../../app/queries.ts';
import { Button } from '../../ui/button.tsx';
import { count } from '../../ui/format.ts';
import { Icon } from '../../ui/icons.tsx';
import { EmptyState, ErrorState, Skeleton } from '../../ui/states.tsx';
import { useIsAdmin } from '../shell/roles.ts';
import { AddMachine } from './add-machine.tsx';
import { AddSite } from './add-site.tsx';
import { AdminFrame } from './admin-frame.tsx';
import { MachineCard } from './machine-card.tsx';
import { SiteLine } from './site-line.tsx';

export function MachinesPage() {
  const { add } = useSearch({ from: '/member/shell/admin/machines' });
  const navigate = useNavigate({ from: '/admin/machines' });
  const admin = useIsAdmin();
  const agents = useQuery({ ...agentsQuery, enabled: admin });
  const sites = useQuery({ ...sitesQuery, enabled: admin });
  const setAdding = (adding: boolean) => navigate({ search: adding ? { add: true } : {}, replace: true });
  const list = agents.data?.items;
  return (
    <AdminFrame
      title="Machines"
      action={
        <div className="flex gap-2.5">
          <AddSite />
          <Button variant="primary" icon="plus" data-testid="add-machine" onClick={() => setAdding(true)}>
            Add machine
          </Button>
        </div>
      }
    >
      {add && <AddMachine sites={sites.data?.items ?? []} onClose={() => setAdding(false)} />}
      {agents.isPending && [1, 2].map((n) => <Skeleton key={n} className="mb-4 h-36 rounded-2xl" />)}
      {agents.isError && list === undefined && <ErrorState error={agents.error} onRetry={() => agents.refetch()} />}
      {list?.length === 0 && (
        <EmptyState
          icon="machines"
          title="No machine yet"
          action={
            <Button variant="primary" icon="plus" onClick={() => setAdding(true)}>
              Add the first one
            </Button>
          }
        >
          A machine is any computer with films on its disks: a NAS, an old laptop, a PC with a graphics card.
        </EmptyState>
      )}
      {list !== undefined &&
        sitesOf(list, sites.data?.items ?? []).map(({ site, machines }) => (
          <section key={site.id} className="mb-9">
            <div className="mb-3 flex items-baseline gap-2.5">
              <h2 className="flex items-center gap-2 text-xl font-semibold">
                <Icon name="pin" className="size-5 text-amber" />
                {site.name}
              </h2>
              <span className="text-sm text-smoke">{count(machines.length, 'machine')}</span>
              <SiteLine site={site} />
            </div>
            {machines.length === 0 ? (
              <p className="panel p-5 text-sand">No machine here yet. Add one and choose this site.</p>
            ) : (
              <ul className="grid grid-cols-1 gap-4 lg:grid-cols-2">
                {machines.map((agent) => (
                  <li key={agent.id}>
                    <MachineCard agent={agent} readsFrom={lendersOf(agent, machines)} />
                  </li>
                ))}
              </ul>
            )}
          </section>
        ))}
    </AdminFrame>
  );
}

/** Whose films a machine encodes; it reads those of its own site alone. */
function lendersOf(agent: Agent, machines: readonly Agent[]): string[] {
  return machines.filter(({ lendsTo }) => lendsTo.includes(agent.name)).map(({ name }) => name);
}

/** Every site with its machines; sites without any come last, and none when there is no machine at all. */
function sitesOf(agents: readonly Agent[], sites: readonly Site[]): { site: Site; machines: Agent[] }[] {
  const known = new Map(sites.map((site) => [site.id, site]));
  for (const { site } of agents) if (!known.has(site.id)) known.set(site.id, { ...site, uplinkKbps: null });
  if (agents.length === 0 && known.size < 2) return [];
  return [...known.values()]
    .map((site) => ({ site, machines: agents.filter((agent) => agent.site.id === site.id) }))
    .sort((a, b) => Number(b.machines.length > 0) - Number(a.machines.length > 0));
}
