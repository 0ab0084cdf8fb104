import { existsSync, statSync } from 'node:fs'
import { nodePlugins, onDemandPlugins } from './backends.ts'
import { formatReports } from './format-reports.ts'
import { groupNames } from './load-group.ts'
import { runFolder } from './run.ts'

const plugins = [...nodePlugins, ...onDemandPlugins()]

export interface CommandOptions {
  readonly folder: string
  readonly backend: string
  readonly json: boolean
}

/** What a command prints, and the status that the process ends with. */
export interface CommandResult {
  /** 0 when nothing failed, 1 when a case did, 2 when the command was called wrongly. */
  readonly status: 0 | 1 | 2
  readonly output: string
}

/** Runs the cases of a folder on a backend, and prints a table, or JSON. */
export async function golden({ folder, backend: name, json }: CommandOptions): Promise<CommandResult> {
  const backend = plugins.find((plugin) => plugin.name === name)
  if (!backend) {
    const known = plugins.map((plugin) => `'${plugin.name}'`).join(', ')
    return refusal(`'--backend' is '${name}', expected one of ${known}.`)
  }
  if (!existsSync(folder) || !statSync(folder).isDirectory()) {
    return refusal(`'${folder}' is not a folder, expected one that holds <group>.json files. Check the path.`)
  }
  if (groupNames(folder).length === 0) {
    return refusal(`'${folder}' holds no cases, expected <group>.json files in it. Check the path.`)
  }
  const reports = await runFolder(folder, backend)
  const failed = Object.values(reports).some(({ failures }) => failures.length > 0)
  return {
    status: failed ? 1 : 0,
    output: json ? `${JSON.stringify(reports, null, 2)}\n` : formatReports(reports),
  }
}

function refusal(sentence: string): CommandResult {
  return { status: 2, output: `golden: ${sentence}\n` }
}
