import { childrenOf } from '../../scripts/local/instance.ts';
import { nameOf } from './process-sample.ts';

/** The process of the test edge that this one started. */
export function edgeProcess(): number {
  const workerd = childrenOf(process.pid).find((pid) => nameOf(pid) === 'workerd');
  if (!workerd) throw new Error('workerd is not among the children of this process');
  return workerd;
}
