import {
  type BackendChoice,
  BackendError,
  type BackendPlugin,
  createReferenceBackend,
  type Device,
  openDevice as openOn,
  suggestion,
} from '@qkv/tensor'
import { UsageError } from './errors/usage-error.ts'
import { backendPackagesOf, findBackendPackage, notLoadedError } from './run/find-backend-package.ts'

/** A backend that a config can name. */
export interface BackendPreset {
  readonly name: string
  /** The npm package that brings it. */
  readonly package: string
  readonly description: string
  /** Imports the package; throws when it is not installed. */
  load(): Promise<BackendPlugin>
}

/** Every backend that is known by name. */
export const backendPresets: readonly BackendPreset[] = [
  {
    name: 'cpu',
    package: '@qkv/backend-cpu',
    description: 'blocked kernels on the processor',
    load: async () => (await import('@qkv/backend-cpu')).cpu(),
  },
  {
    name: 'webgpu',
    package: '@qkv/backend-webgpu',
    description: 'compute shaders on the GPU, in browsers and with the package webgpu in Node',
    load: async () => (await import('@qkv/backend-webgpu')).webgpu(),
  },
  {
    name: 'gpujs',
    package: '@qkv/backend-gpujs',
    description: 'kernels by gpu.js: on WebGL 2, WebAssembly or JavaScript',
    load: async () => (await import('@qkv/backend-gpujs')).gpujs(),
  },
  {
    name: 'reference',
    package: '@qkv/tensor',
    description: 'plain loops, to compare others with; slow',
    load: async () => ({ name: 'reference', create: () => createReferenceBackend() }),
  },
]

export interface OpenDeviceOptions {
  /** One backend, or several in order of preference; `cpu` unless said. */
  readonly backend?: BackendChoice | readonly BackendChoice[]
  /** Backends of other packages, which can then be named. */
  readonly plugins?: readonly BackendPlugin[]
  /** The project whose packages may bring further backends, before those of the working directory. */
  readonly folder?: string | undefined
}

/**
 * Opens a device on the first backend that runs here, by name or by plugin. What was chosen, and why others were not, is
 * in `device.selection`. Throws a `UsageError` for an unknown name, a `BackendError` when none of several can run, and what
 * its `create` threw when one alone was asked for.
 *
 * @example
 * const device = await openDevice({ backend: 'cpu' })
 */
export async function openDevice(options: OpenDeviceOptions = {}): Promise<Device> {
  const { backend = 'cpu' } = options
  const choices: readonly BackendChoice[] = Array.isArray(backend) ? backend : [backend as BackendChoice]
  return openOn({ backend: choices, plugins: knownBackends(choices, options) })
}

/**
 * Every backend that choices can name: plugins, presets, and those of installed packages that are asked for. Nothing is opened or
 * imported. Throws a `UsageError` that lists the known ones for a name that none has.
 */
export function knownBackends(
  choices: readonly BackendChoice[],
  { plugins = [], folder }: Pick<OpenDeviceOptions, 'plugins' | 'folder'>,
): readonly BackendPlugin[] {
  const known = [...plugins, ...backendPresets.map(pluginOf)]
  const folders = [...new Set([folder ?? process.cwd(), process.cwd()])]
  for (const choice of choices) {
    if (typeof choice !== 'string' || known.some(({ name }) => name === choice)) continue
    const found = findBackendPackage(choice, folders)
    if (!found) throw unknownError(choice, known, folders)
    known.push(found)
  }
  return known
}

/** The plugin of a preset, whose package is imported when the backend is made. */
export function pluginOf(preset: BackendPreset): BackendPlugin {
  return {
    name: preset.name,
    async create() {
      let plugin: BackendPlugin
      try {
        plugin = await preset.load()
      } catch (cause) {
        if (!isMissing(preset.package, cause)) throw notLoadedError(preset.name, preset.package, cause)
        throw Object.assign(notInstalledError(preset, await installedNames()), { cause })
      }
      return plugin.create()
    },
  }
}

/** The package itself, not one that it needs. */
function isMissing(packageName: string, error: unknown): boolean {
  const isMissingModule = error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND'
  return isMissingModule && error.message.includes(`'${packageName}'`)
}

async function installedNames(): Promise<readonly string[]> {
  const names = backendPresets.map(({ name, load }) =>
    load().then(
      () => [name],
      () => [],
    ),
  )
  return (await Promise.all(names)).flat()
}

function notInstalledError(preset: BackendPreset, installed: readonly string[]): BackendError {
  return new BackendError({
    operation: 'openDevice',
    argument: 'backend',
    got: `is '${preset.name}', whose package ${preset.package} is not installed`,
    expected: `an installed backend (${installed.map((name) => `'${name}'`).join(', ')})`,
    fix: `Run \`npm install ${preset.package}\`.`,
  })
}

function unknownError(name: string, known: readonly BackendPlugin[], folders: readonly string[]): UsageError {
  const names = known.map((plugin) => plugin.name)
  // The name of a package, or one in capitals, may mean a backend that is there.
  const short = name.toLowerCase().replace(/^(@qkv\/|qkv-)backend-/, '')
  const installed = short !== name && findBackendPackage(short, folders) ? [short] : []
  const [packageName] = backendPackagesOf(name === name.toLowerCase() ? short : name)
  const plugins = 'put its plugin into `plugins` in the config.'
  return new UsageError({
    operation: 'openDevice',
    argument: 'backend',
    got: `is '${name}'`,
    expected: `a known backend (${names.map((each) => `'${each}'`).join(', ')})`,
    fix:
      suggestion(short, [...installed, ...names]) +
      (packageName === undefined
        ? `For one of another package, ${plugins}`
        : `For one of another package, install that, such as \`npm install ${packageName}\`, or ${plugins}`),
  })
}
