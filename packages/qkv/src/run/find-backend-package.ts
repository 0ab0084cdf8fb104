import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { BackendError, type BackendPlugin } from '@qkv/tensor'

/** What packages that bring a backend of a name are called: that of somebody else begins with `qkv-backend-`. */
function packagesOf(name: string): readonly string[] {
  return [`qkv-backend-${name}`, `@qkv/backend-${name}`]
}

/**
 * The backend of a package that is installed in a project, by the name of the backend: `metal` is that of `qkv-backend-metal`, whose
 * default export makes the plugin. `undefined` when there is none; throws a `BackendError` when the package brings no backend.
 */
export async function findBackendPackage(name: string, folder: string): Promise<BackendPlugin | undefined> {
  if (!/^[a-z0-9][a-z0-9-]*$/.test(name)) return undefined
  const require = createRequire(join(folder, 'any.js'))
  for (const packageName of packagesOf(name)) {
    let path: string
    try {
      path = require.resolve(packageName)
    } catch {
      continue
    }
    const module = (await import(pathToFileURL(path).href)) as { readonly default?: unknown }
    const made: unknown = typeof module.default === 'function' ? module.default() : module.default
    if (isBackendPlugin(made)) return made
    throw new BackendError({
      operation: 'openDevice',
      argument: 'backend',
      got: `is '${name}', but ${packageName} brings none`,
      expected: 'a default export that makes a backend plugin: a name, and a function `create`',
      fix: `Report it to the authors of ${packageName}, or put its plugin into \`plugins\` in the config.`,
    })
  }
  return undefined
}

function isBackendPlugin(value: unknown): value is BackendPlugin {
  return (
    typeof value === 'object' &&
    value !== null &&
    'name' in value &&
    typeof value.name === 'string' &&
    'create' in value &&
    typeof value.create === 'function'
  )
}
