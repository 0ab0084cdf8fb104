import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { BackendError, type BackendPlugin } from '@qkv/tensor'
import { createJiti } from 'jiti'

/** What a package that brings a backend of a name is called, by somebody else and by this project; none where npm allows no such name. */
export function backendPackagesOf(name: string): readonly string[] {
  if (!/^[a-z0-9][a-z0-9._-]*$/.test(name)) return []
  return [`qkv-backend-${name}`, `@qkv/backend-${name}`]
}

/**
 * The backend of a package that is installed in one of several projects, the first that has it, by the name of the backend: `metal` is that
 * of `qkv-backend-metal`, whose default export makes the plugin. `undefined` when there is none. The package is imported when the
 * backend is made, and a `BackendError` says then why it cannot be, or that it brings no backend.
 */
export function findBackendPackage(name: string, folders: readonly string[]): BackendPlugin | undefined {
  for (const folder of folders) {
    const packageName = backendPackagesOf(name).find((each) => isInstalled(each, folder))
    if (packageName === undefined) continue
    return { name, create: async () => (await loadPlugin(name, packageName, folder)).create() }
  }
  return undefined
}

/** That the folder is there, and no more: what is wrong inside of it is another matter. */
function isInstalled(packageName: string, folder: string): boolean {
  const places = createRequire(join(folder, 'any.js')).resolve.paths(packageName) ?? []
  return places.some((place) => existsSync(join(place, packageName)))
}

async function loadPlugin(name: string, packageName: string, folder: string): Promise<BackendPlugin> {
  const module = await importPackage(name, packageName, folder)
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

async function importPackage(
  name: string,
  packageName: string,
  folder: string,
): Promise<{ readonly default?: unknown }> {
  try {
    // Node resolves from another folder only as `require` does, which does not see what packages export for `import` alone.
    return await import(createJiti(join(folder, 'any.js')).esmResolve(packageName))
  } catch (cause) {
    throw notLoadedError(name, packageName, cause)
  }
}

/** A package that is there and cannot be imported, and why. */
export function notLoadedError(name: string, packageName: string, cause: unknown): BackendError {
  const reason = cause instanceof Error ? cause.message.split('\n', 1)[0]! : String(cause)
  const error = new BackendError({
    operation: 'openDevice',
    argument: 'backend',
    got: `is '${name}', whose package ${packageName} cannot be loaded (${reason})`,
    expected: 'a package that can be imported',
    fix: `Install it anew with \`npm install ${packageName}\`, or report it to its authors.`,
  })
  return Object.assign(error, { cause })
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
