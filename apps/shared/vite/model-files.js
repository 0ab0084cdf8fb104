import { createHash } from 'node:crypto'
import {
  copyFileSync,
  createReadStream,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
} from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const packages = fileURLToPath(new URL('../../translation-demo/models/', import.meta.url))

/** What a model consists of; the rest of its package is for people and tools. */
const isModelFile = (name) =>
  name.endsWith('.safetensors') || name === 'config.json' || name.endsWith('tokenizer.json')

/**
 * Gives an app the trained models, from the folders of their packages: `models/<name>/` beside the page, in development and in the
 * built folder. `modelVersions[name]` tells the page what is in them: browsers keep the files of a version.
 */
export function modelFiles(names) {
  let folder
  let log
  const filesOf = (name) => {
    const place = join(packages, name)
    return existsSync(place) ? readdirSync(place).filter(isModelFile).toSorted() : []
  }
  /** A few letters that differ when a file does. */
  const versionOf = (name) => {
    const hash = createHash('sha256')
    for (const file of filesOf(name)) hash.update(file).update(readFileSync(join(packages, name, file)))
    return hash.digest('hex').slice(0, 12)
  }
  return {
    name: 'model-files',
    config: () => ({
      define: {
        modelVersions: JSON.stringify(Object.fromEntries(names.map((name) => [name, versionOf(name)]))),
      },
    }),
    configResolved({ root, build, logger }) {
      folder = resolve(root, build.outDir)
      log = logger
    },
    configureServer({ middlewares }) {
      middlewares.use((request, response, next) => {
        const [, name, file] = /^\/models\/([^/?]+)\/([^/?]+)/.exec(request.url ?? '') ?? []
        if (!names.includes(name)) return next()
        if (!filesOf(name).includes(file)) return response.writeHead(404).end()
        const path = join(packages, name, file)
        response.writeHead(200, { 'Content-Length': statSync(path).size })
        createReadStream(path).pipe(response)
      })
    },
    // After the old folder was emptied.
    writeBundle() {
      for (const name of names) {
        const files = filesOf(name)
        if (!files.includes('model.safetensors')) {
          log.warn(
            `model-files: the model ${name} is absent, expected apps/translation-demo/models/${name}/. The app is built without it.`,
          )
          continue
        }
        mkdirSync(join(folder, 'models', name), { recursive: true })
        for (const file of files) copyFileSync(join(packages, name, file), join(folder, 'models', name, file))
      }
    },
  }
}
