import { Tensor } from '@qkv/tensor'
import { Buffer } from './buffer.ts'
import { ModuleError } from './module-error.ts'
import { Parameter } from './parameter.ts'
import { Tied } from './tied.ts'

/** Everything below one module, by path, in the order of the fields. The root has the path `''`. */
export interface ModuleTree<Node> {
  readonly modules: Map<string, Node>
  /** Tied parameters are here only when no path of this tree owns them. */
  readonly parameters: Map<string, Parameter>
  readonly buffers: Map<string, Buffer>
  /** Further uses of parameters. */
  readonly tied: Map<string, Tied>
  /** What this tree owns, tied parameters of other trees left out. */
  readonly owned: readonly (Parameter | Buffer)[]
}

/**
 * Walks the fields of a module, and of all that they hold: modules, arrays, maps and plain objects. Fields that start
 * with `#` are private to their class and not seen.
 *
 * Throws a `ModuleError` when something is reached by two paths, or a field holds a bare tensor.
 */
export function walkTree<Node extends object>(
  root: Node,
  isNode: (value: unknown) => value is Node,
): ModuleTree<Node> {
  const operation = root.constructor.name
  const modules = new Map<string, Node>()
  const stored = new Map<string, Parameter | Buffer>()
  const tied = new Map<string, Tied>()
  const pathOf = new Map<object, string>()
  const order: string[] = []

  function claim(value: object, path: string): void {
    const before = pathOf.get(value)
    if (before !== undefined) throw sharingError(operation, value, before, path, isNode(value))
    pathOf.set(value, path)
  }

  function visit(value: unknown, path: string, ancestors: readonly object[]): void {
    if (typeof value !== 'object' || value === null) return
    if (isNode(value)) {
      claim(value, path)
      modules.set(path, value)
      visitAll(Object.entries(value), path, ancestors)
    } else if (value instanceof Parameter || value instanceof Buffer) {
      claim(value, path)
      stored.set(path, value)
      order.push(path)
    } else if (value instanceof Tied) {
      tied.set(path, value)
      order.push(path)
    } else if (value instanceof Tensor) throw bareTensorError(operation, value, path)
    else if (!ancestors.includes(value)) {
      visitAll(entriesOf(value), path, [...ancestors, value])
    }
  }

  function visitAll(
    entries: Iterable<readonly [unknown, unknown]>,
    path: string,
    ancestors: readonly object[],
  ): void {
    for (const [key, value] of entries) visit(value, path === '' ? String(key) : `${path}.${key}`, ancestors)
  }

  visit(root, '', [])

  const parameters = new Map<string, Parameter>()
  const buffers = new Map<string, Buffer>()
  const listed = new Set<Parameter>()
  for (const path of order) {
    const value = stored.get(path)
    const borrowed = tied.get(path)?.parameter
    if (value instanceof Buffer) buffers.set(path, value)
    else if (value) parameters.set(path, value)
    else if (borrowed && !pathOf.has(borrowed) && !listed.has(borrowed)) {
      listed.add(borrowed)
      parameters.set(path, borrowed)
    }
  }
  return { modules, parameters, buffers, tied, owned: [...stored.values()] }
}

/** What an array, a map or a plain object holds; nothing of any other object. */
export function entriesOf(value: object): Iterable<readonly [unknown, unknown]> {
  if (Array.isArray(value)) return value.entries()
  if (value instanceof Map) return value
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null ? Object.entries(value) : []
}

function sharingError(
  operation: string,
  value: object,
  first: string,
  second: string,
  isModule: boolean,
): ModuleError {
  const kind = value.constructor.name
  return new ModuleError({
    operation,
    argument: nameOf(second),
    got: `is the same ${kind} as '${nameOf(first)}'`,
    expected: `a ${kind} of its own at each path`,
    fix: isModule
      ? `Make one for each, as in \`Array.from({ length: 4 }, () => new ${kind}(...))\`, since \`fill\` repeats a single one; to share weights on purpose, wrap a parameter in \`tied(...)\`; to refer to a module owned elsewhere, use a field that starts with #.`
      : value instanceof Parameter
        ? `Make two, or wrap the second use in \`tied(...)\` if they are to be shared.`
        : `Make two, or refer to the second one in a field that starts with #.`,
  })
}

function nameOf(path: string): string {
  return path === '' ? '(the module itself)' : path
}

function bareTensorError(operation: string, tensor: Tensor, path: string): ModuleError {
  return new ModuleError({
    operation,
    argument: path,
    got: `holds a bare ${tensor.toString()}`,
    expected: 'a Parameter or a Buffer, which are moved, saved and freed with the module',
    fix: 'Wrap it in `new Buffer(tensor, { persistent: false })`, or use a field that starts with # and dispose it yourself.',
  })
}
