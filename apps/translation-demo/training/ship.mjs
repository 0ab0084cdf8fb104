// Makes the package of a trained model: 8-bit weights, what they score on the test pairs, and the card that says so.
//   node apps/translation-demo/training/ship.mjs zh-en
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { writeCard } from './card.mjs'

const here = fileURLToPath(new URL('.', import.meta.url))
const command = fileURLToPath(new URL('../../../packages/qkv/dist/cli/main.js', import.meta.url))
const mostBytes = 12_000_000
const [name] = process.argv.slice(2)
if (name !== 'zh-en' && name !== 'en-zh')
  throw new Error(`ship: the model is '${name}', expected zh-en or en-zh. Write: node ship.mjs zh-en`)

function qkv(...rawArguments) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...rawArguments], {
    cwd: here,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  })
  if (status !== 0) throw new Error(`qkv ${rawArguments.join(' ')} failed:\n${stderr}`)
  return JSON.parse(stdout)
}

/** BLEU, chrF and loss on the test pairs, with one beam and with four. */
function evaluate(model) {
  return [1, 4].map((beams) => {
    const search = ['--beams', String(beams), '--json']
    const { translations: _, ...scores } = qkv(
      'evaluate',
      '--config',
      `${name}.config.ts`,
      '--model',
      model,
      ...search,
    )
    return { beams, ...scores }
  })
}

const trained = join(here, 'runs', name)
const shipped = join(here, '..', 'models', name)
const quantization = [
  'quantize',
  trained,
  '--config',
  `${name}.config.ts`,
  '--out',
  shipped,
  '--half',
  '--force',
  '--json',
]
const { quantized } = qkv(...quantization)
const bytes = readdirSync(shipped)
  .filter((file) => file.endsWith('.json') || file.endsWith('.safetensors'))
  .reduce((sum, file) => sum + statSync(join(shipped, file)).size, 0)
if (bytes > mostBytes)
  throw new Error(
    `ship: the files of ${name} take ${bytes} bytes, expected at most ${mostBytes}. Train a smaller model.`,
  )

const events = readFileSync(join(trained, 'log.jsonl'), 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => JSON.parse(line))
const card = writeCard({
  name,
  bytes,
  layersInEightBits: quantized.length,
  description: JSON.parse(readFileSync(join(shipped, 'config.json'), 'utf8')),
  record: JSON.parse(readFileSync(join(trained, 'run.json'), 'utf8')),
  events,
  trained: evaluate(trained),
  shipped: evaluate(shipped),
})
writeFileSync(join(shipped, 'README.md'), card)
console.log(card)
