import adapter from '@sveltejs/adapter-node';

/** @type {import('@sveltejs/kit').Config} */
export default {
  compilerOptions: { runes: true },
  kit: {
    adapter: adapter(),
    // The offline page is shown at other addresses than its own, so its parts have absolute ones.
    paths: { relative: false },
    // Registered by the frame of the pages, for signed-in people of a built site.
    serviceWorker: { register: false },
    // Nothing on a page may load from, send to, or be framed by another origin.
    csp: {
      mode: 'auto',
      directives: {
        'default-src': ['none'],
        'script-src': ['self'],
        'style-src': ['self'],
        // The one style attribute that SvelteKit itself writes, on its announcer of page changes.
        'style-src-attr': ['unsafe-hashes', 'sha256-S8qMpvofolR8Mpjy4kQvEm7m1q8clzU4dfDH0AmvZjo='],
        'img-src': ['self', 'data:'],
        'font-src': ['self'],
        'connect-src': ['self'],
        'form-action': ['self'],
        'base-uri': ['none'],
        'frame-ancestors': ['none'],
        'manifest-src': ['self'],
        'worker-src': ['self']
      }
    }
  }
};
