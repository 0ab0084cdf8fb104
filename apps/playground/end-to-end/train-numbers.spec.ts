import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from '@qkv/end-to-end'
import { readLatestCheckpoint, readSafetensors } from '@qkv/checkpoints/files'
import { loadTranslator } from 'qkv'
import { button, download, evaluationsOf, openTrain, trainToTheEnd, withFolder } from './train-page.ts'

const command = fileURLToPath(new URL('../../../packages/qkv/dist/cli/main.js', import.meta.url))

interface LogLine {
  readonly type: string
  readonly step: number
  readonly loss: number
  readonly metrics: { readonly loss: number; readonly exactMatch: number }
}

async function logOf(folder: string, name: string): Promise<LogLine[]> {
  const text = await readFile(join(folder, 'runs', name, 'log.jsonl'), 'utf8')
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as LogLine)
}

const files = {
  reverse: ['tokenizer.json', 'train.tsv', 'validation.tsv'],
  'zh-en': ['source-tokenizer.json', 'target-tokenizer.json'],
}

for (const { task, state } of [
  { task: 'reverse', state: 'task=reverse&steps=100&longest=7&alphabet=letters' },
  { task: 'zh-en', state: 'task=zh-en&steps=40&width=32' },
] as const) {
  test(`${task}: the command, given the downloaded config, computes the same numbers`, async ({ page }) => {
    test.setTimeout(300_000)
    const seed = 1 + Math.floor(Math.random() * 1000)
    await openTrain(page, `${state}&seed=${seed}`)
    await button(page, 'Start training').click()
    await trainToTheEnd(page)
    const evaluations = await evaluationsOf(page)
    const source = await page.getByTestId('samples').locator('tbody tr td').nth(1).innerText()
    await page.getByLabel('Your own input').fill(source)
    await button(page, 'Ask the model').click()
    await expect(page.getByTestId('answer')).toContainText('The model writes')
    const answer = await page.getByTestId('answer').innerText()

    await withFolder(async (folder) => {
      for (const name of ['model.safetensors', 'config.json', 'qkv.config.ts', ...files[task]])
        await download(page, name, folder)

      // The downloaded model says the same as the one on the page.
      const translator = await loadTranslator(folder)
      const [translation] = await translator.translate([source])
      await translator.dispose()
      expect(answer).toBe(
        translation!.text === ''
          ? 'The model writes nothing: it ends at once.'
          : `The model writes: ${translation!.text}`,
      )

      await promisify(execFile)(process.execPath, [command, 'train'], { cwd: folder })
      const log = await logOf(folder, task)
      const wanted = log
        .filter(({ type }) => type === 'evaluation')
        .map(({ step, metrics }) => {
          const { loss } = log.find((line) => line.type === 'step' && line.step === step)!
          const share = Number(metrics.exactMatch.toFixed(1))
          return [String(step), loss.toPrecision(6), metrics.loss.toPrecision(6), `${share} %`]
        })
      expect(evaluations).toEqual(wanted)

      const { arrays } = await readSafetensors(join(folder, 'model.safetensors'))
      const checkpoint = await readLatestCheckpoint(join(folder, 'runs', task, 'checkpoints'))
      const weights = new Map(checkpoint!.arrays.get('weights'))
      expect([...arrays.keys()].toSorted()).toEqual([...weights.keys()].toSorted())
      for (const [name, { data }] of arrays)
        expect(Buffer.compare(bytesOf(data), bytesOf(weights.get(name)!.data)), name).toBe(0)
    })
  })
}

function bytesOf(data: ArrayBufferView): Buffer {
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength)
}
