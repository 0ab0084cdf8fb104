import * as v from 'valibot'
import { defaultsOf, type TrainSettings } from './settings.ts'
import { addressFields } from './settings-schema.ts'

/** What an address says. */
export interface ReadSettings {
  readonly state: TrainSettings
  /** Names of what could not be used, cut to a length that can be shown; the settings have the usual values there. */
  readonly refused: readonly string[]
}

/** Reads the settings of an address. */
export function readSettings(parameters: URLSearchParams): ReadSettings {
  const refused: string[] = []
  const found: Record<string, unknown> = {}
  for (const [name, value] of parameters) {
    const schema = Object.hasOwn(addressFields, name) ? addressFields[name as keyof TrainSettings] : undefined
    const result = schema && v.safeParse(schema, value)
    if (result?.success) found[name] = result.output
    else refused.push(shorten(name))
  }
  const { task = 'reverse', ...rest } = found as Partial<TrainSettings>
  return { state: { ...defaultsOf(task), ...rest }, refused: [...new Set(refused)].slice(0, 5) }
}

/** The settings for an address: the task, and what differs from its usual settings. */
export function writeSettings(settings: TrainSettings): Record<string, string | undefined> {
  const usual = defaultsOf(settings.task)
  return Object.fromEntries(
    Object.entries(settings).flatMap(([field, value]) => {
      const written = writeValue(value)
      const same = written === writeValue(usual[field as keyof TrainSettings])
      return same && field !== 'task' ? [] : [[field, written]]
    }),
  )
}

function writeValue(value: TrainSettings[keyof TrainSettings]): string {
  return typeof value === 'object' ? value.join('+') : String(value)
}

function shorten(name: string): string {
  const characters = [...name.replace(/\p{C}/gu, '\uFFFD')]
  return characters.length > 30 ? `${characters.slice(0, 30).join('')}…` : characters.join('')
}
