import * as v from 'valibot'
import { RunError } from '../errors/run-error.ts'
import { descriptionSchema } from './description-schema.ts'
import type { ModelDescription } from './model-description.ts'

/**
 * Reads the text of a `config.json`; `path` is what errors call it. Throws a `RunError` when another program wrote it, or
 * a field is wrong.
 *
 * @example
 * const { model, generation } = parseModelDescription(text, 'models/zh-en/config.json')
 */
export function parseModelDescription(text: string, path: string): ModelDescription {
  const value = parseJson(text, path)
  const format = typeof value === 'object' && value !== null && 'format' in value ? value.format : undefined
  if (format !== 'qkv-model') {
    throw descriptionError(
      path,
      format === undefined ? 'names no format' : `has the format ${show(format)}`,
      "the format 'qkv-model'",
      'Another program wrote it: name a model that `qkv train` wrote.',
    )
  }
  const result = v.safeParse(descriptionSchema, value, { abortEarly: true })
  if (result.success) return result.output
  const [issue] = result.issues
  const place = v.getDotPath(issue) ?? 'config'
  const [got, expected] = explain(issue)
  throw descriptionError(
    `${place} of ${path}`,
    got,
    expected,
    'It is damaged, or a newer qkv wrote it: update the package.',
  )
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw descriptionError(
      path,
      'is not JSON',
      'the config of a trained model',
      'It is damaged: copy or download the model again.',
    )
  }
}

/** What was got, and what was expected. */
function explain(issue: v.BaseIssue<unknown>): readonly [got: string, expected: string] {
  const given = issue.path?.at(-1)?.value
  // A strict object names a key that is missing or unknown where it stands; its message tells of the object.
  if (issue.type !== 'strict_object') return [`is ${show(issue.input)}`, issue.message]
  if (issue.expected === 'never') {
    return [`is ${show(given)}, but there is no such field`, `the fields ${issue.message} only`]
  }
  return issue.input === undefined ? ['is missing', 'a value'] : [`is ${show(issue.input)}`, issue.message]
}

function show(value: unknown): string {
  const shown = JSON.stringify(value) ?? String(value)
  return shown.length > 60 ? `${shown.slice(0, 60)}...` : shown
}

function descriptionError(argument: string, got: string, expected: string, fix: string): RunError {
  return new RunError({ operation: 'model', argument, got, expected, fix })
}
