import { sveltekit } from '@sveltejs/kit/vite';
import type { Server as HttpServer } from 'node:http';
import { defineConfig, type PluginOption } from 'vite';

/**
 * In development Vite's own server carries what server/main.ts carries in production. The import is
 * dynamic so that `vite build` never opens a database.
 */
const house: PluginOption = {
  name: 'same-room',
  apply: 'serve',
  async configureServer(vite) {
    if (vite.config.server.middlewareMode || !vite.httpServer) return;
    const { openHouse } = await import('./server/house.ts');
    const house = await openHouse(process.env);
    house.attach(vite.httpServer as HttpServer);
    vite.middlewares.use(
      '/healthz',
      (_request, response) => void house.health().then((health) => response.end(JSON.stringify(health)))
    );
    vite.httpServer.once('close', () => void house.close());
  }
};

export default defineConfig({
  plugins: [house, sveltekit()],
  build: { target: 'es2022' },
  server: { watch: { ignored: ['**/data/**', '**/tests/**'] } }
});
