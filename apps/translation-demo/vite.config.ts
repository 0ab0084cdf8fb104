import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { appConfig, offline } from '@qkv/apps-shared/vite'
import { defineConfig } from 'vite'

/** What is in the folder of each model, in a few letters: browsers keep the files of a version. */
const modelVersions = Object.fromEntries(
  ['zh-en', 'en-zh'].map((direction) => {
    const folder = new URL(`public/models/${direction}/`, import.meta.url)
    const hash = createHash('sha256')
    for (const name of existsSync(folder) ? readdirSync(folder).toSorted() : []) {
      hash.update(name).update(readFileSync(new URL(name, folder)))
    }
    return [direction, hash.digest('hex').slice(0, 12)]
  }),
)

export default defineConfig(
  appConfig({
    // Models are kept by the engine, each when it is used for the first time.
    plugins: [offline({ leaveOut: /^models\// })],
    define: { modelVersions: JSON.stringify(modelVersions) },
  }),
)
