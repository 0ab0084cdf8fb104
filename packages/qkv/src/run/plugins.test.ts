import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { builtInParts, scaledDot } from '@qkv/attention'
import { MissingPartError, restoreAttention, storeAttention } from '@qkv/pipelines'
import { expect, test } from 'vitest'
import {
  installBackend,
  projectFolder,
  runCli,
  smallConfig,
  temporaryFolder,
} from '../cli/cli.test-helper.ts'
import { ConfigError } from '../errors/config-error.ts'
import { train } from './train.ts'
import { loadTranslator } from './translator.ts'
import { namePlugins } from './name-plugins.ts'
import { sortPlugins } from './sort-plugins.ts'

/** Scores like the built-in part, under a name of its own. */
const mine = { ...scaledDot(), name: 'my-score' }

test('attention goes to JSON and back; a value has to come as a plugin again', async () => {
  const attention = {
    encoder: ['scaled-dot', { part: 'learned', options: { standardDeviation: 0.1 } }],
    decoder: [mine, 'sinusoidal'],
    cross: ['scaled-dot'],
  }
  const stored = storeAttention(attention)
  expect(JSON.parse(JSON.stringify(stored))).toEqual({
    ...attention,
    decoder: [{ plugin: 'my-score' }, 'sinusoidal'],
  })
  const { parts } = sortPlugins([mine])
  expect(restoreAttention(stored, parts)).toEqual(attention)
  expect(() => restoreAttention(stored, new Map())).toThrow(MissingPartError)
  expect(() => restoreAttention(stored, new Map())).toThrow(
    "uses the part 'my-score', which the training config gave as a value",
  )
  const named = namePlugins(async () => restoreAttention(stored, new Map()))
  await expect(named).rejects.toThrow(ConfigError)
  await expect(named).rejects.toThrow('expected the same part among the plugins. Add it to `plugins`')
  expect(restoreAttention(storeAttention(['scaled-dot']), builtInParts)).toEqual(['scaled-dot'])
})

test('two parts of one name are refused', () => {
  expect(() => sortPlugins([mine, () => mine])).toThrow(
    "'plugins[1]' brings the attention part 'my-score' a second time",
  )
})

test('a model with a part of a plugin trains, and loads with the plugin only', async () => {
  const folder = await projectFolder()
  const files = { train: join(folder, 'train.tsv'), validation: 8 }
  const config = { ...smallConfig, data: files, output: join(folder, 'run') }
  const model = { ...smallConfig.model, attention: ['my-score', 'sinusoidal'] }
  const { output, best } = await train({ ...config, model, plugins: [() => mine] })
  expect(best?.value).toBeGreaterThan(0)
  await expect(loadTranslator(output)).rejects.toThrow("has 'my-score', expected a known part")
  const translator = await loadTranslator(output, { plugins: [mine] })
  expect(await translator.translate(['我爱茶'])).toHaveLength(1)
  await translator.dispose()
})

test('the command takes backends of plugins from the config', async () => {
  const folder = await projectFolder()
  await writeFile(
    join(folder, 'qkv.config.mjs'),
    "const mine = { name: 'mine', create() { throw new Error('no such chip') } }\n" +
      "export default { data: { train: 'train.tsv' }, backend: 'mine', plugins: [mine] }",
  )
  const { exitCode, stderr } = await runCli(['train', '--config', 'qkv.config.mjs'], { cwd: folder })
  expect(stderr).toContain('Something went wrong that qkv did not expect (Error: no such chip)')
  expect(exitCode).toBe(1)
})

test('a backend that a config names is looked for beside the config, by every command', async () => {
  const project = await projectFolder({ backend: 'metal', output: 'run' })
  const elsewhere = await temporaryFolder()
  const config = join(project, 'qkv.config.json')
  const model = join(project, 'run')
  const run = (...rawArguments: readonly string[]): ReturnType<typeof runCli> =>
    runCli([...rawArguments, '--config', config], { cwd: elsewhere })
  expect(await run('train', '--backend', 'cpu')).toMatchObject({ exitCode: 0 })
  const create = '() => { throw new Error("beside the config") }'
  await installBackend(project, 'metal', `export default { name: "metal", create: ${create} }`)
  for (const command of [
    ['train', '--output', 'other'],
    ['translate', '我爱茶'],
    ['evaluate'],
    ['quantize', model, '--out', 'int8'],
  ]) {
    const { exitCode, stderr } = await run(...command)
    expect(stderr).toContain('(Error: beside the config)')
    expect(exitCode).toBe(1)
  }
  // Weights bring no code: without the config, the package beside them is not even seen.
  const bare = await runCli(['translate', '--model', model, '--backend', 'metal', '我爱茶'], {
    cwd: elsewhere,
  })
  expect(bare.stderr).toContain('npm install qkv-backend-metal')
  expect(bare.exitCode).toBe(2)
})
