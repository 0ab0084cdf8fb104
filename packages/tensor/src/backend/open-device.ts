import { Device } from '../device.ts'
import { BackendError } from '../errors/backend-error.ts'
import type { BackendName, BackendPlugin } from './plugin.ts'

/** A backend by name, or as the value that its package exports. */
export type BackendChoice = BackendName | BackendPlugin

export interface OpenDeviceOptions {
  /** One backend, or several in order of preference. */
  readonly backend: BackendChoice | readonly BackendChoice[]
  /** The plugins that names are looked up in. */
  readonly plugins?: readonly BackendPlugin[]
}

/**
 * Opens a device on the first backend that runs here. What was chosen, and why the others were not, is in
 * `device.selection`: whatever they threw. Throws a `BackendError` when a name is unknown or none of several can run, and what
 * its `create` threw when one alone was asked for.
 *
 * @example
 * const device = await openDevice({ backend: ['webgpu', 'cpu'], plugins: [webgpu(), cpu()] })
 */
export async function openDevice(options: OpenDeviceOptions): Promise<Device> {
  const choices = Array.isArray(options.backend) ? options.backend : [options.backend as BackendChoice]
  const candidates = choices.map((choice: BackendChoice) => resolve(choice, options.plugins ?? []))
  const rejected: { name: string; reason: string }[] = []
  for (const plugin of candidates) {
    try {
      const backend = await plugin.create()
      if (backend.specVersion !== 1) throw versionError(plugin.name, backend.specVersion)
      return new Device(backend, { chosen: plugin.name, rejected })
    } catch (error) {
      // Where one alone was asked for, its own error says all.
      if (candidates.length === 1) throw error
      rejected.push({ name: plugin.name, reason: reasonOf(error) })
    }
  }
  throw new BackendError({
    operation: 'openDevice',
    argument: 'backend',
    got:
      rejected.length === 0
        ? 'is an empty list'
        : `runs on none of ${rejected.map(({ name, reason }) => `'${name}' (${reason})`).join(', ')}`,
    expected: 'at least one backend that runs here',
    fix: 'Add another backend to the list.',
  })
}

/** A defect of a backend counts as a reason against it too: whoever lists another one wants that one then. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.message === '' ? error.name : error.message
}

function resolve(choice: BackendChoice, plugins: readonly BackendPlugin[]): BackendPlugin {
  if (typeof choice !== 'string') return choice
  const plugin = plugins.find(({ name }) => name === choice)
  if (plugin) return plugin
  const known = plugins.map(({ name }) => `'${name}'`).join(', ') || 'none'
  throw new BackendError({
    operation: 'openDevice',
    argument: 'backend',
    got: `is '${choice}'`,
    expected: `an installed backend (${known})`,
    fix: adviceFor(choice, plugins),
  })
}

/** The known name in other letters, or a package; none where no package can be called that. */
function adviceFor(name: string, plugins: readonly BackendPlugin[]): string {
  const meant = plugins.find((plugin) => plugin.name.toLowerCase() === name.toLowerCase())
  if (meant) return `Did you mean '${meant.name}'?`
  if (!/^[a-z0-9][a-z0-9._-]*$/.test(name)) return 'Pass the plugin of its package.'
  return `If it is published, run \`npm install @qkv/backend-${name}\` and pass its plugin.`
}

function versionError(name: string, version: unknown): BackendError {
  return new BackendError({
    operation: 'openDevice',
    argument: 'backend',
    got: `'${name}' implements contract version ${String(version)}`,
    expected: 'version 1',
    fix: 'Install versions of @qkv/tensor and of the backend that belong together.',
  })
}
