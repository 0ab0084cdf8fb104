import {
  type BackendChoice,
  BackendError,
  type BackendPlugin,
  createReferenceBackend,
  type Device,
  openDevice as openOn,
} from '@qkv/tensor'
import { suggestion } from './errors/nearest-name.ts'
import { UsageError } from './errors/usage-error.ts'
import { findBackendPackage } from './run/find-backend-package.ts'

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
  /** The project whose packages may bring further backends; the working directory unless said. */
  readonly folder?: string
}

/**
 * Opens a device on the first backend that runs here, by name or by plugin. What was chosen, and why others were not, is
 * in `device.selection`. Throws a `UsageError` for an unknown name, and a `BackendError` when none can run.
 *
 * @example
 * const device = await openDevice({ backend: 'cpu' })
 */
export async function openDevice(options: OpenDeviceOptions = {}): Promise<Device> {
  const { backend = 'cpu', plugins = [], folder = process.cwd() } = options
  const choices: readonly BackendChoice[] = Array.isArray(backend) ? backend : [backend as BackendChoice]
  const known = [...plugins, ...backendPresets.map(pluginOf)]
  for (const choice of choices) {
    if (typeof choice !== 'string' || known.some(({ name }) => name === choice)) continue
    known.push(await findBackend(choice, known, folder))
  }
  return openOn({ backend: choices, plugins: known })
}

/** A backend of another package, by its name. Throws a `UsageError` that lists the known ones when none is installed. */
export async function findBackend(
  name: string,
  known: readonly BackendPlugin[],
  folder: string,
): Promise<BackendPlugin> {
  const found = await findBackendPackage(name, folder)
  if (!found) throw unknownError(name, known)
  return { ...found, name }
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
        if (!isMissingPackage(cause)) throw cause
        throw Object.assign(notInstalledError(preset, await installedNames()), { cause })
      }
      return plugin.create()
    },
  }
}

function isMissingPackage(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND'
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

function unknownError(name: string, known: readonly BackendPlugin[]): UsageError {
  const names = known.map((plugin) => plugin.name)
  return new UsageError({
    operation: 'openDevice',
    argument: 'backend',
    got: `is '${name}'`,
    expected: `a known backend (${names.map((each) => `'${each}'`).join(', ')})`,
    fix:
      `${suggestion(name, names)}For one of another package, install that, such as \`npm install qkv-backend-${name}\`, ` +
      'or put its plugin into `plugins` in the config.',
  })
}
