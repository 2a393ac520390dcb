import type { Role } from '../../shared/api/auth.ts';

/** The roles that a person may give to others. */
const GRANTS: Record<Role, readonly Role[]> = {
  owner: ['owner', 'admin', 'member', 'child'],
  admin: ['member', 'child'],
  member: [],
  child: [],
};

/** Whether somebody may give a role to another. */
export function mayGrant(actor: Role, role: Role): boolean {
  return GRANTS[actor].includes(role);
}

/** Whether somebody may change, turn off, delete or reset another: nobody whom they could not have made. */
export function mayManage(actor: { userId: number; role: Role }, target: { id: number; role: Role }): boolean {
  return actor.userId !== target.id && mayGrant(actor.role, target.role);
}

/** Whether somebody may take a file along, beside watching it. */
export function mayKeep({ role }: { role: Role }): boolean {
  return role !== 'child';
}
