import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { installBackend, runCli, temporaryFolder } from './cli.test-helper.ts'
import { commands } from './run.ts'

test('without a command, prints the help and fails', async () => {
  const { exitCode, stdout, stderr } = await runCli([], { cwd: '.' })
  expect(exitCode).toBe(2)
  expect(stdout).toBe('')
  for (const { name } of commands) expect(stderr).toContain(name)
})

test('--help and --version', async () => {
  const help = await runCli(['--help'], { cwd: '.' })
  expect(help).toMatchObject({ exitCode: 0, stderr: '' })
  for (const { name } of commands) expect(help.stdout).toContain(name)
  const version = await runCli(['--version'], { cwd: '.' })
  expect(version.stdout).toMatch(/^\d+\.\d+\.\d+\S*\n$/)
})

test.each(commands.map((command) => [command.name, command] as const))(
  '%s --help explains every option and gives an example that the command accepts',
  async (name, { definition, example }) => {
    const { exitCode, stdout } = await runCli([name, '--help'], { cwd: '.' })
    expect(exitCode).toBe(0)
    for (const [option, { type, description }] of Object.entries(definition.args ?? {})) {
      expect(stdout).toContain(type === 'positional' ? option.toUpperCase() : `--${option}`)
      expect(description).toMatch(/\.$/)
      expect(stdout).toContain(description)
    }
    expect(stdout).toContain(`EXAMPLE\n\n  ${example}\n`)
    const words = example
      .split(' && ')
      .find((part) => part.startsWith(`qkv ${name}`))!
      .split(' ')
    const help = await runCli([...words.slice(1), '--help'], { cwd: '.' })
    expect(help.exitCode).toBe(0)
  },
)

describe('wrong usage ends with exit code 2 and a sentence', () => {
  test.each([
    [['trian'], "qkv: 'trian' is no command, expected one of init, train,", "Did you mean 'train'?"],
    [['--hlep'], "qkv: '--hlep' is no option of qkv", ''],
    [
      ['train', '--ouput', 'x'],
      "qkv train: '--ouput' is no option of this command",
      "Did you mean '--output'?",
    ],
    [['train', '-x'], "qkv train: '-x' is no option", ''],
    [['train', '--output'], "qkv train: '--output' has no value, expected a value, as in --output=VALUE", ''],
    [['train', '--output', '--json'], "qkv train: '--output' has no value", ''],
    [['train', '--json=yes'], "qkv train: '--json' has the value 'yes', expected no value", ''],
    [['train', 'now'], "qkv train: 'now' is one argument too many", ''],
    [['train', '--steps', '1.5'], "qkv train: '--steps' is '1.5', expected a whole number of at least 1", ''],
    [['train', '--steps', '0'], "'--steps' is '0', expected a whole number of at least 1", ''],
    [
      ['translate', '--length-penalty', 'x', 'a'],
      "'--length-penalty' is 'x', expected a number of at least 0",
      '',
    ],
    [['evaluate', '--source', 'a'], "qkv evaluate: '--source' is given alone", ''],
    [['evaluate', '--target-column', '1'], "qkv evaluate: '--target-column' is given without --test", ''],
    [
      ['bench', 'gem'],
      "qkv bench: 'gem' is no benchmark, expected one of gemm, products, ops, gpt-step, ",
      "Did you mean 'gemm'?",
    ],
    [
      ['bench', '--threads', '1,x'],
      "qkv bench: '--threads' is 'x', expected a whole number of at least 1",
      '',
    ],
    [['bench', '--threads', '0'], "'--threads' is '0', expected a whole number of at least 1", ''],
    [['bench', '--threads', '2,2'], "'--threads' is '2,2', expected different values", ''],
    [
      ['bench', '--simd', 'relax'],
      "qkv bench: '--simd' is 'relax', expected one of relaxed, plain, none",
      "Did you mean 'relaxed'?",
    ],
    [['bench', '--simd', 'plain,plain'], "'--simd' is 'plain,plain', expected different values", ''],
    [['bench', '--json', '--markdown'], "qkv bench: '--markdown' is given with --json", ''],
    [['bench', '--seconds', '-1'], "'--seconds' is '-1', expected a number of at least 0", ''],
    [
      ['bench', 'gemm', '--backend', 'reference', '--threads', '2'],
      "bench: 'threads' is given for the backend 'reference', expected the backend 'cpu'",
      '',
    ],
    [
      ['bench', 'gemm', '--backend', 'reference', '--simd', 'plain'],
      "bench: 'simd' is given for the backend 'reference', expected the backend 'cpu'",
      '',
    ],
    [
      ['bench', 'gemm', '--simd', 'none', '--threads', '2'],
      "bench: 'threads' has 2, but 1 work here (further threads need the WebAssembly kernels)",
      '',
    ],
    [
      ['bench', 'gemm', '--backend', 'cpuu'],
      "openDevice: 'backend' is 'cpuu', expected a known backend ('cpu', 'webgpu', 'gpujs', 'reference')",
      "Did you mean 'cpu'?",
    ],
    [['bench', 'gemm', '--backend', 'metal'], 'install that, such as `npm install qkv-backend-metal`', ''],
    [['bench', '--backend', 'cpu,'], "'--backend' is 'cpu,', expected a name, or names with commas", ''],
  ])('qkv %j', async (rawArguments, sentence, suggestion) => {
    const folder = await temporaryFolder()
    const { exitCode, stdout, stderr } = await runCli(rawArguments, { cwd: folder })
    expect(stderr).toContain(`error `)
    expect(stderr).toContain(sentence)
    expect(stderr).toContain(suggestion)
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
  })

  test('a bad QKV_BACKEND', async () => {
    const { exitCode, stderr } = await runCli(['bench', 'gemm'], { cwd: '.', env: { QKV_BACKEND: 'gpu' } })
    expect(exitCode).toBe(2)
    expect(stderr).toContain("'backend' is 'gpu'")
  })

  test('--verbose adds where it happened', async () => {
    const { stderr } = await runCli(['train', '--verbose'], { cwd: await temporaryFolder() })
    expect(stderr).toContain('\nConfigError: ')
    expect(stderr).toContain('load-config.ts')
  })
})

describe('the config', () => {
  test('a missing one is told of with the command that writes one', async () => {
    const folder = await temporaryFolder()
    for (const more of [[], ['--config', 'other.ts']]) {
      const { exitCode, stderr } = await runCli(['train', ...more], { cwd: folder })
      expect(exitCode).toBe(2)
      expect(stderr).toContain('Run `qkv init` to write one')
    }
  })

  test.each([
    ['qkv.config.ts', 'export default { data: "phrase-book", trainer: { optimiser: "adam" } as const }'],
    [
      'qkv.config.mts',
      'import { defineConfig } from "qkv"\nexport default defineConfig({ data: "phrase-book", trainer: { optimiser: "adam" } } as never)',
    ],
    ['qkv.config.js', 'module.exports = { data: "phrase-book", trainer: { optimiser: "adam" } }'],
    ['qkv.config.mjs', 'export default { data: "phrase-book", trainer: { optimiser: "adam" } }'],
    ['qkv.config.json', '{ "data": "phrase-book", "trainer": { "optimiser": "adam" } }'],
  ])('is found as %s, and its bad field is named', async (name, text) => {
    const folder = await temporaryFolder()
    await writeFile(join(folder, name), text)
    const { exitCode, stderr } = await runCli(['train'], { cwd: folder })
    expect(stderr).toContain(`${name}: 'trainer.optimiser' is "adam", but there is no such field`)
    expect(stderr).toContain("Did you mean 'optimizer'?")
    expect(exitCode).toBe(2)
  })

  test.each([
    ['qkv.config.ts', 'export default {{', 'cannot be run ('],
    ['qkv.config.ts', 'throw new Error("no luck")', 'cannot be run (no luck)'],
    ['qkv.config.mjs', 'export const config = {}', 'has no default export'],
    ['qkv.config.json', '{ "data": ', 'cannot be run ('],
  ])('that cannot be run is one sentence: %s %j', async (name, text, sentence) => {
    const folder = await temporaryFolder()
    await writeFile(join(folder, name), text)
    const { exitCode, stderr } = await runCli(['train'], { cwd: folder })
    expect(stderr).toContain(sentence)
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
    expect(exitCode).toBe(2)
  })
})

describe('init', () => {
  test('writes a config that passes the check, and replaces none unasked', async () => {
    const folder = await temporaryFolder()
    const first = await runCli(['init'], { cwd: folder })
    expect(first).toMatchObject({ exitCode: 0, stdout: 'Wrote qkv.config.ts. Next: qkv train\n' })
    const path = join(folder, 'qkv.config.ts')
    await writeFile(path, 'mine')
    const second = await runCli(['init'], { cwd: folder })
    expect(second.exitCode).toBe(2)
    expect(second.stderr).toContain('replace it with --force')
    expect(await readFile(path, 'utf8')).toBe('mine')
    const third = await runCli(['init', '--force', '--json'], { cwd: folder })
    expect(JSON.parse(third.stdout)).toEqual({ path, next: 'qkv train' })
    // The written config passes the check: only the backend is refused.
    const unknown = await runCli(['train', '--backend', 'nothing'], { cwd: folder })
    expect(unknown.stderr).toContain("'backend' is 'nothing'")
  })

  test.each([['tpu'], ['cpu,tpu']])(
    'refuses --backend %s, which nothing could train with',
    async (backend) => {
      const folder = await temporaryFolder()
      const { exitCode, stderr } = await runCli(['init', '--backend', backend], { cwd: folder })
      expect(exitCode).toBe(2)
      expect(stderr).toContain(
        "'backend' is 'tpu', expected a known backend ('cpu', 'webgpu', 'gpujs', 'reference')",
      )
      expect(stderr).toContain('`npm install qkv-backend-tpu`')
      expect(existsSync(join(folder, 'qkv.config.ts'))).toBe(false)
    },
  )

  test('takes the backend of a package that is installed beside the config, without importing it', async () => {
    const folder = await temporaryFolder()
    await installBackend(folder, 'metal', "throw new Error('imported')")
    const { exitCode } = await runCli(['init', '--backend', 'metal'], { cwd: folder })
    expect(exitCode).toBe(0)
    expect(await readFile(join(folder, 'qkv.config.ts'), 'utf8')).toContain('  backend: ["metal"],\n')
  })
})

test('every command takes --backend', async () => {
  for (const { name } of commands) {
    const { stdout } = await runCli([name, '--help'], { cwd: '.' })
    expect(stdout).toContain('--backend=<names>')
  }
  const folder = await temporaryFolder()
  await runCli(['init', '--backend', 'webgpu, cpu'], { cwd: folder })
  expect(await readFile(join(folder, 'qkv.config.ts'), 'utf8')).toContain('  backend: ["webgpu", "cpu"],\n')
  const refused = await runCli(['train'], { cwd: folder, env: { QKV_BACKEND: 'nothing' } })
  expect(refused.stderr).toContain("'backend' is 'nothing'")
})
