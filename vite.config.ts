import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const edge = process.env.HEARTHCAST_EDGE ?? 'http://127.0.0.1:8484';

export default defineConfig({
  root: 'web',
  plugins: [react(), tailwindcss()],
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    target: 'es2022',
    // The Content-Security-Policy permits pictures from this origin; data: URLs would need a hole in it.
    assetsInlineLimit: 0,
    // hls.js alone is over the default, and is fetched by the player only.
    chunkSizeWarningLimit: 600,
    rolldownOptions: {
      output: {
        // Libraries change more rarely than the app: browsers keep them over its releases.
        codeSplitting: {
          groups: [
            { name: 'react', test: /node_modules[\\/](react|react-dom|scheduler)[\\/]/ },
            { name: 'tanstack', test: /node_modules[\\/]@tanstack[\\/]/ },
            // Its setting comes with it: it must be made before any chunk makes a schema.
            { name: 'zod', test: /node_modules[\\/]zod[\\/]|zod-without-eval/ },
          ],
        },
      },
    },
  },
  // The drawing of subtitles fetches its parts as modules.
  worker: { format: 'es' },
  server: {
    proxy: {
      '/api': { target: edge, ws: true },
      '/stream': { target: edge },
    },
  },
});
