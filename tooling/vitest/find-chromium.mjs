import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { env } from 'node:process'

const commands = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/**
 * The Chromium that is installed here, or why there is none: what CHROMIUM_PATH names, else the first of its usual names on the
 * PATH or in /usr/bin. Throws when CHROMIUM_PATH names no program, and when QKV_REQUIRE_BROWSER is set and there is none.
 */
export function findChromium() {
  const named = env.CHROMIUM_PATH
  if (named) {
    if (isProgram(named)) return { path: named }
    throw new Error(
      `CHROMIUM_PATH is '${named}', expected a program. Correct it, or leave it out to search for one.`,
    )
  }
  const folders = new Set([...(env.PATH ?? '').split(delimiter), '/usr/bin'])
  for (const command of commands) {
    for (const folder of folders) {
      const path = join(folder, command)
      if (folder && isProgram(path)) return { path }
    }
  }
  const reason = `no Chromium found: install one ('apt-get install chromium'), or name it in CHROMIUM_PATH`
  if (env.QKV_REQUIRE_BROWSER) throw new Error(`QKV_REQUIRE_BROWSER is set, but ${reason}.`)
  return { reason }
}

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
