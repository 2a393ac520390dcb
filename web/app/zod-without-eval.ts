import { z } from 'zod';

// zod compiles schemas with `new Function` where it may; the Content-Security-Policy forbids it, and even the
// attempt is reported as a violation. It asks when a schema is made, so this must be the page's first import.
z.config({ jitless: true });
