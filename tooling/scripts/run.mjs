// The one entry behind `npm run demo`, `npm test` and the other root commands: needs nothing but Node and npm.
// It brings the pinned pnpm, installs when the lockfile changed, builds through turbo, then runs the mode.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '../..')
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const pinnedPnpm = manifest.packageManager.split('@')[1]
const [mode = 'help', ...rest] = process.argv.slice(2)
const env = { ...process.env, TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1', FORCE_COLOR: undefined }
// npm's lifecycle variables would be read by pnpm as settings of its own.
for (const key of Object.keys(env)) if (/^npm_(package|lifecycle)_/i.test(key)) delete env[key]
if (!process.stdout.isTTY) env.NO_COLOR = '1'

/** Steps that prepare, such as the build, print to standard error: the output of a command stays its own. */
const toStandardError = ['inherit', 2, 2]

function fail(message, status = 1) {
  console.error(`\n${message}`)
  process.exit(status)
}

function execute(command, args, options = {}) {
  return spawnSync(command, args, {
    cwd: root,
    env,
    stdio: 'inherit',
    shell: process.platform === 'win32',
    ...options,
  })
}

function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > 20 || (major === 20 && minor >= 19)) return
  fail(
    `qkv needs Node 20.19 or newer, this is ${process.version}. Install a newer one from https://nodejs.org.`,
  )
}

/** Uses the pnpm on the PATH when it is the pinned one, else installs that one below .cache/ with npm. */
function ensurePnpm() {
  const found = execute('pnpm', ['--version'], { stdio: 'pipe', encoding: 'utf8', cwd: dirname(root) })
  if (found.status === 0 && found.stdout.trim() === pinnedPnpm) return
  const home = join(root, '.cache', `pnpm-${pinnedPnpm}`)
  const bin = join(home, 'node_modules', '.bin')
  if (!existsSync(join(bin, 'pnpm'))) {
    console.error(`· installing pnpm ${pinnedPnpm} below .cache/`)
    mkdirSync(home, { recursive: true })
    const flags = ['--no-audit', '--no-fund', '--loglevel=error', '--prefix', home]
    const { status } = execute('npm', ['install', ...flags, `pnpm@${pinnedPnpm}`], { stdio: toStandardError })
    if (status !== 0) fail('pnpm could not be installed. Is the npm registry reachable? Try `npm ping`.')
  }
  env.PATH = `${bin}${delimiter}${env.PATH}`
}

/** Installs only when the lockfile or the workspace settings changed since the last install. */
function ensureInstalled() {
  const stamp = join(root, 'node_modules', '.install-stamp')
  const watched = ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'package.json']
  const hash = createHash('sha256')
  for (const file of watched) hash.update(readFileSync(join(root, file)))
  const key = hash.digest('hex')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === key) return
  console.error('· installing packages')
  const flags = ['--frozen-lockfile', '--reporter=append-only']
  const { status } = execute('pnpm', ['install', ...flags], { stdio: toStandardError })
  if (status !== 0)
    fail('The packages could not be installed. Is the npm registry reachable? Try `npm ping`.')
  writeFileSync(stamp, key)
}

/** Packages outside of the workspace, which are here only when they were asked for. Whether all of them could be installed. */
function installApart(what, name, ...flags) {
  const folder = join(root, name)
  const stamp = join(folder, 'node_modules', '.install-stamp')
  const key = createHash('sha256')
    .update(readFileSync(join(folder, 'package-lock.json')))
    .digest('hex')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === key) return true
  console.error(`· installing ${what}`)
  const options = { cwd: folder, stdio: toStandardError }
  const { status } = execute('npm', ['ci', '--loglevel=error', ...flags], options)
  if (status === 0) writeFileSync(stamp, key)
  return status === 0
}

/** The libraries that qkv is compared with. */
function installPeers() {
  if (!installApart('the libraries to compare with', 'tooling/bench/peers'))
    console.error('Not all could be installed, and those will be reported as missing: try `npm ping`.')
}

/** Tests the GPU backends in Node, with packages that are too large, or too hard to build, for everyone. */
function testGpuInNode() {
  const folder = 'tooling/backends/gpu-in-node'
  if (!installApart('what GPU backends need in Node', folder))
    fail(`The packages of ${folder} could not be installed: its README says what they need.`)
  const modules = join(root, folder, 'node_modules')
  const swiftShader = '/usr/lib/chromium/vk_swiftshader_icd.json'
  const own = {
    QKV_GPU_MODULES: modules,
    // Where gpu.js finds the package gl.
    NODE_PATH: modules,
    QKV_REQUIRE_BROWSER: undefined,
    ...(existsSync(swiftShader) && { VK_ICD_FILENAMES: process.env.VK_ICD_FILENAMES ?? swiftShader }),
  }
  const files = ['conformance', 'backend-webgpu', 'tooling/golden/src/golden.test.ts', 'tooling/backends']
  const projects = ['backend-gpujs', 'backend-webgpu', 'golden', 'backends']
  const vitest = ['vitest', 'run', ...projects.flatMap((name) => ['--project', name]), ...files]
  step('testing the GPU backends in Node', 'xvfb-run', ['-a', 'pnpm', 'exec', ...vitest], {
    env: { ...env, ...own },
    needs: `${folder}/README.md names the packages that this takes.`,
  })
}

/** Packs all packages, and uses them as from a registry; a backend of another package, too. */
function installPacked() {
  step('installing the packed packages', 'node', ['tooling/scripts/pack-and-install.mjs'])
}

/** One step with a title; its failure ends the run and says how to run that step alone. */
function step(title, command, args, options = {}) {
  console.error(`· ${title}`)
  const { status, signal, error } = execute(command, args, options)
  if (signal) process.exit(130)
  if (error?.code === 'ENOENT')
    fail(`Failed: ${title}: ${command} is not installed.${options.needs ? ` ${options.needs}` : ''}`)
  if (status !== 0) fail(`Failed: ${title}. To run it alone: ${[command, ...args].join(' ')}`, status ?? 1)
}

/** What is wrong when the apps cannot be served. */
function explainStart(error) {
  if (error.code !== 'EADDRINUSE') return error.message
  return `The address ${error.address}:${error.port} is taken: stop what runs there, or choose another with \`npm start -- --port 4174\`.`
}

const turbo = (...tasks) => ['exec', 'turbo', 'run', ...tasks, '--output-logs=errors-only']
const build = () => step('building', 'pnpm', turbo('build'), { stdio: toStandardError })

/** Tests of the apps need a browser: where there is none they are left out, with the reason, or fail if QKV_REQUIRE_BROWSER asks for one. */
async function testApps(...rest) {
  const { findChromium } = await import('../vitest/find-chromium.mjs')
  const { reason } = findChromium()
  if (reason) console.log(`left out the tests of the apps: ${reason}`)
  else playwright('testing the apps', ...rest)
}

function playwright(title, ...args) {
  step(title, 'pnpm', ['--filter', '@qkv/end-to-end', 'exec', 'playwright', 'test', ...args])
}

const modes = {
  demo() {
    build()
    step('training the demo model and translating', 'node', [
      'packages/qkv/dist/cli/main.js',
      'demo',
      ...rest,
    ])
  },
  async start() {
    build()
    // In this process, since npm does not pass on every signal to one further down.
    const { start } = await import('@qkv/serve')
    await start(rest).catch((error) => fail(explainStart(error)))
  },
  async test() {
    build()
    step('checking the packages as a user would install them', 'pnpm', turbo('pack:check'))
    step('checking types', 'pnpm', turbo('typecheck'))
    step('linting', 'pnpm', ['run', '--silent', 'lint'])
    step('testing', 'pnpm', ['exec', 'vitest', 'run', ...rest])
    if (rest.length === 0) await testApps()
  },
  example() {
    build()
    const files = readdirSync(join(root, 'examples')).filter((name) => /^\d\d-.*\.ts$/.test(name))
    const found = files.find((name) => rest[0] !== undefined && name.startsWith(rest[0]))
    if (!found)
      fail(`Which example? Known: ${files.join(', ')}. Write for instance: npm run example -- 01`, 2)
    step(`running ${found}`, 'node', [`examples/dist/${found.replace(/\.ts$/, '.js')}`])
  },
  async new() {
    const { main } = await import('../new/new.mjs')
    process.exitCode = main(rest)
  },
  pack() {
    build()
    step('packing', 'node', ['tooling/scripts/pack.mjs', ...rest])
  },
  golden() {
    build()
    step('comparing with the golden cases', 'node', ['tooling/golden/dist/main.js', ...rest])
  },
  catalogue() {
    build()
    step('writing docs/reference', 'node', ['tooling/catalogue/dist/main.js'])
  },
  'test:apps': async () => {
    build()
    await testApps(...rest)
  },
  'test:gpu-in-node'() {
    build()
    testGpuInNode()
  },
  async 'check:full'() {
    await modes.test()
    testGpuInNode()
    installPacked()
  },
  'test:install'() {
    build()
    installPacked()
  },
  bench() {
    build()
    step('measuring', 'node', ['packages/qkv/dist/cli/main.js', 'bench', ...rest])
  },
  'bench:apps'() {
    build()
    playwright('measuring the pages', '--config', 'bench.config.ts', ...rest)
  },
  'bench:backends'() {
    build()
    const config = ['--config', 'tooling/backends/bench/vitest.config.ts']
    step('measuring the GPU backends in Chromium', 'pnpm', ['exec', 'vitest', 'run', ...config, ...rest])
  },
  'bench:peers'() {
    build()
    installPeers()
    step('measuring in turns', 'node', ['tooling/bench/peers/main.mjs', ...rest])
  },
  'bench:step'() {
    build()
    step('measuring training steps', 'node', ['tooling/bench/dist/main.js', 'step', ...rest])
  },
  'bench:parts'() {
    build()
    step('measuring attention parts', 'node', ['tooling/bench/dist/main.js', 'parts', ...rest])
  },
  'bench:learning'() {
    build()
    step('training with each attention part', 'node', ['tooling/bench/dist/main.js', 'learn', ...rest])
  },
  'bench:goals'() {
    build()
    step('measuring what the goals ask for', 'node', ['tooling/bench/dist/main.js', 'goals', ...rest])
  },
}

requireNode()
if (!Object.hasOwn(modes, mode)) fail(`Unknown mode '${mode}'. Known: ${Object.keys(modes).join(', ')}.`, 2)
ensurePnpm()
ensureInstalled()
await modes[mode]()
