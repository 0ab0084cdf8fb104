import { CheckpointError } from '../checkpoint-error.ts'

/** Data that JSON holds without loss. */
export type PlainJson =
  | string
  | number
  | boolean
  | null
  | readonly PlainJson[]
  | { readonly [key: string]: PlainJson }

/**
 * JSON text that `JSON.parse` turns back into an equal value; `JSON.stringify` would drop or change what JSON cannot
 * hold, and the sign of -0.
 *
 * @throws CheckpointError with the path of the value that JSON cannot hold.
 */
export function plainJsonText(value: unknown, operation: string, source: string): string {
  const ancestors = new Set<object>()

  const fail = (path: string, got: string, fix: string): never => {
    const expected = 'strings, finite numbers, booleans, null, lists and plain objects'
    throw new CheckpointError({ operation, source, field: path, got, expected, fix })
  }
  const nested = (object: object, path: string, write: () => string): string => {
    if (ancestors.has(object)) return fail(path, 'contains itself', 'Store a name or an index instead.')
    ancestors.add(object)
    const text = write()
    ancestors.delete(object)
    return text
  }
  const write = (part: unknown, path: string): string => {
    if (part === null || typeof part === 'boolean' || typeof part === 'string') return JSON.stringify(part)
    if (typeof part === 'number') {
      if (!Number.isFinite(part)) return fail(path, `is ${part}`, 'Store null or a string instead.')
      return Object.is(part, -0) ? '-0' : String(part)
    }
    if (Array.isArray(part)) {
      const items: readonly unknown[] = part
      return nested(
        part,
        path,
        () => `[${Array.from(items, (item, index) => write(item, `${path}[${index}]`)).join(',')}]`,
      )
    }
    if (isPlainObject(part)) {
      return nested(part, path, () => {
        const entries = Object.entries(part).map(
          ([key, item]) => `${JSON.stringify(key)}:${write(item, `${path}.${key}`)}`,
        )
        return `{${entries.join(',')}}`
      })
    }
    const fix =
      typeof part === 'bigint' ? 'Store it as a string.' : 'Leave it out, or store its plain content instead.'
    return fail(path, `is ${describe(part)}`, fix)
  }

  return write(value, 'state')
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || prototype === Object.prototype
}

function describe(value: unknown): string {
  if (value === undefined) return 'undefined'
  if (typeof value === 'object')
    return `a ${Object.prototype.toString.call(value).slice('[object '.length, -1)}`
  return `a ${typeof value}`
}
