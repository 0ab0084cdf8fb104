import { existsSync } from 'node:fs'
import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import sirv from 'sirv'

/** The apps, each below an address of its own. */
export const apps = [
  { path: '/translation-demo/', name: 'translation', chinese: '翻译' },
  { path: '/playground/', name: 'playground', chinese: '练习场' },
]

const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
}

/**
 * @typedef {object} ServeOptions
 * @property {number} [port]
 * @property {string} [host]
 * @property {boolean} [isolated] without it, pages may not share memory between threads, as on a plain file server
 * @property {readonly { readonly path: string, readonly folder?: string }[]} [served] paths, and the built files for each
 */

/**
 * Serves the built apps until the server is closed.
 *
 * @param {ServeOptions} options
 */
export async function serve({ port = 4173, host = '127.0.0.1', isolated = true, served = apps } = {}) {
  const files = served.map(({ path, folder = builtFolder(path) }) => {
    if (!existsSync(folder))
      throw new Error(`serve: ${path} is not built, expected apps${path}dist. Run \`npm start\`.`)
    return { path, handle: sirv(folder, { etag: true }) }
  })
  const server = createServer((request, response) => {
    if (isolated) for (const [name, value] of Object.entries(isolation)) response.setHeader(name, value)
    response.setHeader('X-Content-Type-Options', 'nosniff')
    const { url = '/' } = request
    const app = files.find(({ path }) => url.startsWith(path))
    if (!app) return sendIndex(url, response)
    request.url = url.slice(app.path.length - 1)
    app.handle(request, response, () => {
      response.writeHead(404, { 'Content-Type': 'text/plain' }).end('Not found\n')
    })
  })
  await new Promise((resolve, reject) => server.once('error', reject).listen(port, host, resolve))
  return { server, address: `http://${host}:${server.address().port}` }
}

function builtFolder(path) {
  return fileURLToPath(new URL(`../../apps${path}dist`, import.meta.url))
}

/** Links to the apps; an address without the last slash is sent on. */
function sendIndex(url, response) {
  const app = apps.find(({ path }) => url === path.slice(0, -1))
  if (app) {
    response.writeHead(308, { Location: app.path }).end()
    return
  }
  const links = apps
    .map(({ path, name, chinese }) => `<li><a href=".${path}">${name} · ${chinese}</a></li>`)
    .join('')
  const page = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>qkv</title><main><h1>qkv</h1><ul>${links}</ul></main></html>`
  response
    .writeHead(url === '/' ? 200 : 404, {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': "default-src 'none'",
    })
    .end(page)
}

/** `npm start`: serves until it is stopped, and says so. */
export async function start(rawArguments) {
  const { values } = parseArgs({
    args: rawArguments,
    options: {
      port: { type: 'string', default: '4173' },
      host: { type: 'string', default: '127.0.0.1' },
      'no-isolation': { type: 'boolean', default: false },
    },
  })
  const port = Number(values.port)
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Error(
      `start: --port is '${values.port}', expected a whole number from 0 to 65535. Leave it out for 4173.`,
    )
  const { server, address } = await serve({ port, host: values.host, isolated: !values['no-isolation'] })
  console.log(`\nqkv is served from ${address}\n`)
  for (const { path, name, chinese } of apps)
    console.log(`  ${`${name} · ${chinese}`.padEnd(18)}${address}${path}`)
  console.log('\nPress Ctrl-C to stop.')
  const stop = () => {
    server.close()
    server.closeAllConnections()
  }
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
}
