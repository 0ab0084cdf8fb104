import { suggestion } from '@qkv/tensor'
import type { core, ZodType } from 'zod'

/** What is wrong with one field: its path, and the parts of an error sentence. */
export interface FieldProblem {
  readonly path: string
  readonly got: string
  readonly expected: string
  readonly fix: string
}

type Issue = core.$ZodIssue
type Schema = ZodType
type Definition = core.$ZodTypes['_zod']['def']
type Path = readonly PropertyKey[]

/** Says what is wrong at the place of an issue, with what is allowed there and the name that was probably meant. */
export function explainIssue(schema: ZodType, config: unknown, issue: Issue): FieldProblem {
  const { path, issue: inner } = innermost(issue, [])
  const value = valueAt(config, path)
  const place = formatPath(path)
  const schemas = schemasAt([schema], path)
  if (inner.code === 'unrecognized_keys') {
    const [key] = inner.keys
    const known = [...new Set(schemas.flatMap(fieldNames))]
    return {
      path: formatPath([...path, key!]),
      got: `is ${show(valueAt(value, [key!]))}, but there is no such field`,
      expected: `one of ${list(known)}`,
      fix: `${suggestion(key!, known)}Correct the name, or remove the field.`,
    }
  }
  const expected = describe(inner, schemas)
  const names = allowedNames(inner, schemas)
  const missing = value === undefined
  return {
    path: place,
    got: missing ? 'is missing' : `is ${show(value)}`,
    expected,
    fix: missing
      ? 'Add it.'
      : `${typeof value === 'string' ? suggestion(value, names) : ''}Set it to one of what is allowed.`,
  }
}

/** Follows a union into the alternative that fits best: the right kind of value, and the fewest problems. */
function innermost(issue: Issue, before: Path): { readonly path: Path; readonly issue: Issue } {
  const path = [...before, ...issue.path]
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return { path, issue }
  const fitting = issue.errors
    .filter((issues) => !issues.some(isOfAnotherKind))
    .toSorted((left, right) => left.length - right.length)
  const best = fitting[0]
  if (best === undefined) return { path, issue }
  // A misspelt field tells more than the missing one that it was meant to be.
  return innermost(best.find(({ code }) => code === 'unrecognized_keys') ?? best[0]!, path)
}

function isOfAnotherKind({ code, path }: Issue): boolean {
  return path.length === 0 && (code === 'invalid_type' || code === 'invalid_value' || code === 'custom')
}

function describe(issue: Issue, schemas: readonly Schema[]): string {
  switch (issue.code) {
    case 'too_small':
      return issue.origin === 'array' || issue.origin === 'string'
        ? `at least ${issue.minimum} ${issue.origin === 'array' ? 'item' : 'character'}`
        : `a number ${issue.inclusive === false ? 'above' : 'of at least'} ${issue.minimum}`
    case 'too_big':
      return `a number ${issue.inclusive === false ? 'below' : 'of at most'} ${issue.maximum}`
    case 'custom':
    case 'invalid_format':
      return issue.message
    default:
      return list([...new Set(schemas.flatMap(kinds))], ' or ')
  }
}

function definitionOf(schema: Schema): Definition {
  return schema.def as Definition
}

/** What each schema accepts, in words. */
function kinds(schema: Schema): readonly string[] {
  const def = definitionOf(schema)
  switch (def.type) {
    case 'optional':
      return kinds(def.innerType as Schema)
    case 'union':
      return def.options.flatMap((option) => kinds(option as Schema))
    case 'literal':
      return def.values.map((value) => `'${String(value)}'`)
    case 'enum':
      return Object.values(def.entries).map((value) => `'${value}'`)
    case 'number':
      return ['format' in def && def.format === 'safeint' ? 'a whole number' : 'a number']
    case 'string':
      return ['a text']
    case 'boolean':
      return ['true or false']
    case 'array':
      return ['a list']
    case 'object':
      return [`{ ${Object.keys(def.shape).join(', ')} }`]
    case 'record':
      return ['{ ... }']
    default:
      return []
  }
}

function allowedNames(issue: Issue, schemas: readonly Schema[]): readonly string[] {
  if (issue.code === 'invalid_value') return issue.values.map(String)
  return schemas.flatMap(kinds).flatMap((kind) => /^'(.*)'$/.exec(kind)?.[1] ?? [])
}

/** The schemas that a path leads to: several where it passes through alternatives. */
function schemasAt(schemas: readonly Schema[], path: Path): readonly Schema[] {
  return path.reduce<readonly Schema[]>((found, key) => found.flatMap((schema) => step(schema, key)), schemas)
}

function step(schema: Schema, key: PropertyKey): readonly Schema[] {
  const def = definitionOf(schema)
  switch (def.type) {
    case 'optional':
      return step(def.innerType as Schema, key)
    case 'union':
      return def.options.flatMap((option) => step(option as Schema, key))
    case 'array':
      return typeof key === 'number' ? [def.element as Schema] : []
    case 'object':
      return Object.hasOwn(def.shape, key) ? [def.shape[String(key)] as Schema] : []
    default:
      return []
  }
}

function fieldNames(schema: Schema): readonly string[] {
  const def = definitionOf(schema)
  if (def.type === 'optional') return fieldNames(def.innerType as Schema)
  if (def.type === 'union') return def.options.flatMap((option) => fieldNames(option as Schema))
  return def.type === 'object' ? Object.keys(def.shape) : []
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (found, key) =>
      typeof found === 'object' && found !== null ? (found as Record<PropertyKey, unknown>)[key] : undefined,
    value,
  )
}

function formatPath(path: Path): string {
  const joined = path.reduce<string>(
    (text, key) =>
      typeof key === 'number' ? `${text}[${key}]` : text === '' ? String(key) : `${text}.${String(key)}`,
    '',
  )
  return joined === '' ? 'config' : joined
}

function show(value: unknown): string {
  if (typeof value === 'function') return 'a function'
  const shown = JSON.stringify(value) ?? String(value)
  return shown.length > 60 ? `${shown.slice(0, 60)}...` : shown
}

function list(items: readonly string[], last = ', '): string {
  if (items.length < 2) return items.join('')
  return `${items.slice(0, -1).join(', ')}${last}${items.at(-1)!}`
}
