import { writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { installBackend, projectFolder, runCli, temporaryFolder } from '../cli.test-helper.ts'

interface Report {
  readonly healthy: boolean
  readonly backends: readonly object[]
  readonly selection: object
}

test('doctor tells of this Node and of every backend', async () => {
  const { exitCode, stdout } = await runCli(['doctor', '--json'], { cwd: await temporaryFolder() })
  const report = JSON.parse(stdout) as Record<string, unknown>
  expect(exitCode).toBe(0)
  expect(report).toMatchObject({
    healthy: true,
    config: null,
    node: { version: process.versions.node, supported: true },
    webAssembly: { simd: true, threads: true },
    backends: [
      {
        name: 'cpu',
        package: '@qkv/backend-cpu',
        available: true,
        description: {
          simd: 'relaxed',
          threads: Math.min(availableParallelism(), 16),
          reasons: [],
          missingKernels: [],
        },
      },
      { name: 'webgpu', package: '@qkv/backend-webgpu' },
      { name: 'gpujs', package: '@qkv/backend-gpujs', available: true, description: { mode: 'webasm' } },
      { name: 'reference', available: true },
    ],
    selection: { asked: ['cpu'], chosen: 'cpu' },
  })
  const text = await runCli(['doctor'], { cwd: await temporaryFolder() })
  expect(text.stdout).toContain(`${process.versions.node} (supported)`)
  expect(text.stdout).toContain('WebAssembly kernels with fused multiplications and additions, ')
  expect(text.stdout).toContain('mode: webasm')
})

test('doctor says what to install for a backend that cannot run', async () => {
  const folder = await temporaryFolder()
  await writeFile(
    join(folder, 'qkv.config.mjs'),
    'const create = () => { throw new Error("no adapter; install a driver") }\n' +
      'export default { data: "phrase-book", plugins: [{ name: "mine", create }] }',
  )
  const { exitCode, stdout } = await runCli(['doctor', '--json'], { cwd: folder })
  expect(exitCode).toBe(0)
  const { backends } = JSON.parse(stdout) as { readonly backends: readonly object[] }
  expect(backends).toContainEqual({ name: 'mine', available: false, reason: 'no adapter; install a driver' })
})

test('doctor says which of the backends that are asked for is taken, and knows those of other packages', async () => {
  const folder = await temporaryFolder()
  const create = '() => { throw new Error("no Metal here") }'
  await installBackend(folder, 'metal', `export default () => ({ name: "metal", create: ${create} })`)
  const { exitCode, stdout } = await runCli(['doctor', '--backend', 'metal,cpu', '--json'], { cwd: folder })
  const report = JSON.parse(stdout) as Report
  expect(exitCode).toBe(0)
  expect(report.selection).toEqual({ asked: ['metal', 'cpu'], chosen: 'cpu', reason: null })
  expect(report.backends).toContainEqual({ name: 'metal', available: false, reason: 'no Metal here' })
})

/** What packages bring, and how every command that computes ends with them. */
const packages = {
  throws: 'export default () => ({ name: "throws", create() { throw new TypeError("a defect") } })',
  broken: 'import "qkv-nowhere"',
  empty: 'export const backend = 1',
}

async function projectWithPackages(): Promise<string> {
  const folder = await projectFolder()
  for (const [name, source] of Object.entries(packages)) await installBackend(folder, name, source)
  return folder
}

test.each([
  ['tpu', 2],
  ['tpu,cpu', 2],
  ['cpu,tpu', 2],
  ['CPU', 2],
  ['throws', 1],
  ['broken', 1],
  ['empty', 1],
  ['throws,broken,empty', 1],
])('doctor --backend %s ends as other commands do, with %i', async (backend, expected) => {
  const folder = await projectWithPackages()
  const other = await runCli(['parts', 'rope', '--backend', backend], { cwd: folder })
  const text = await runCli(['doctor', '--backend', backend], { cwd: folder })
  const json = await runCli(['doctor', '--json', '--backend', backend], { cwd: folder })
  expect([other.exitCode, text.exitCode, json.exitCode]).toEqual([expected, expected, expected])
  expect(other.stderr).toContain('error ')
  expect([text.stderr, json.stderr]).toEqual([other.stderr, other.stderr])
  const reason = other.stderr.trimEnd().replace('error ', '')
  expect(JSON.parse(json.stdout)).toMatchObject({
    healthy: false,
    selection: { asked: backend.split(','), chosen: null, reason },
  })
  expect(text.stdout).toContain(`none, of ${backend.replaceAll(',', ', ')}`)
})

test('doctor is content with the last of a list, as other commands are', async () => {
  const folder = await projectWithPackages()
  const backend = ['--backend', 'throws,broken,empty,reference']
  const { exitCode, stdout, stderr } = await runCli(['doctor', '--json', ...backend], { cwd: folder })
  expect([exitCode, stderr]).toEqual([0, ''])
  const { healthy, selection } = JSON.parse(stdout) as Report
  expect({ healthy, selection }).toMatchObject({
    healthy: true,
    selection: { chosen: 'reference', reason: null },
  })
  expect(await runCli(['parts', 'rope', ...backend], { cwd: folder })).toMatchObject({ exitCode: 0 })
})

test('doctor is not content with a config that train refuses', async () => {
  const folder = await projectFolder({ backend: ['metal', 'cpu'] })
  const doctor = await runCli(['doctor', '--json'], { cwd: folder })
  const train = await runCli(['train'], { cwd: folder })
  expect(train.exitCode).toBe(2)
  expect([doctor.exitCode, doctor.stderr]).toEqual([2, train.stderr])
  expect(JSON.parse(doctor.stdout)).toMatchObject({ healthy: false, selection: { chosen: null } })
})
