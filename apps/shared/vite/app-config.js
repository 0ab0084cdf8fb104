import { svelte } from '@sveltejs/vite-plugin-svelte'

import { attentionParts } from './attention-parts.js'

export { modelFiles } from './model-files.js'
export { offline } from './offline.js'

/** What makes a page cross-origin isolated: it may share memory between threads then. */
export const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
}

/** Nothing is loaded from elsewhere, no script stands in a page; threads of the CPU backend start from blobs. */
const policy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self' blob:",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ')

/** Writes the policy into built pages; the development server needs scripts that it forbids. */
const contentSecurityPolicy = {
  name: 'content-security-policy',
  apply: 'build',
  transformIndexHtml: () => [
    {
      tag: 'meta',
      attrs: { 'http-equiv': 'Content-Security-Policy', content: policy },
      injectTo: 'head-prepend',
    },
  ],
}

/**
 * The settings of every app: relative paths, so that the built folder works below any address. `parts` are the attention parts that the
 * models of the page can name; all, unless said.
 */
export function appConfig(further = {}) {
  const { plugins = [], parts, ...rest } = further
  const chosen = parts === undefined ? [] : [attentionParts(parts)]
  return {
    base: './',
    plugins: [svelte(), contentSecurityPolicy, ...chosen, ...plugins],
    worker: { format: 'es', plugins: () => chosen },
    build: { target: 'es2022', modulePreload: { polyfill: false }, assetsInlineLimit: 0 },
    server: { headers: isolation },
    preview: { headers: isolation },
    ...rest,
  }
}
