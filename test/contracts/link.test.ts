import { startEdge } from '../fakes/edge.ts';
import { FakeEdge } from '../fakes/fake-edge.ts';
import { linkContract } from './link-suite.ts';

linkContract('the real edge in workerd', startEdge);
linkContract('the fake edge that other tests use', () => FakeEdge.start());
