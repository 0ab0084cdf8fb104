import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const name = 'service-worker'
const source = fileURLToPath(new URL('../src/offline/service-worker.ts', import.meta.url))

/**
 * Builds a service worker beside the page, which keeps all files of the app but those that `leaveOut` matches, so that it opens
 * without a network.
 */
export function offline({ leaveOut = /^$/ } = {}) {
  let folder = ''
  return {
    name: 'offline',
    apply: 'build',
    config: () => ({
      build: {
        rolldownOptions: {
          input: { index: 'index.html', [name]: source },
          // It rules over its own folder: one below assets/ could not serve the page.
          output: {
            entryFileNames: (chunk) => (chunk.name === name ? `${name}.js` : 'assets/[name]-[hash].js'),
          },
        },
      },
    }),
    configResolved(config) {
      folder = join(config.root, config.build.outDir)
    },
    closeBundle() {
      const path = join(folder, `${name}.js`)
      const script = readFileSync(path, 'utf8')
      const files = JSON.stringify(listFiles(folder, leaveOut))
      writeFileSync(
        path,
        script.replace('builtFiles', () => files),
      )
    },
  }
}

/** Their addresses and contents; a name with a hash says what is in it. */
function listFiles(folder, leaveOut) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    )
    .filter((url) => url !== `${name}.js` && !leaveOut.test(url))
    .toSorted()
    .map((url) => ({ url, revision: url.startsWith('assets/') ? null : hashOf(join(folder, url)) }))
}

function hashOf(path) {
  return createHash('sha256').update(readFileSync(path)).digest('hex').slice(0, 16)
}
