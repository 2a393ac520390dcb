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
  },
  server: {
    proxy: {
      '/api': { target: edge, ws: true },
      '/stream': { target: edge },
    },
  },
});
