import { mkdir, readdir, readFile, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readSafetensors, writeSafetensors } from '@qkv/checkpoints/files'
import { Tokenizer } from '@qkv/tokenizer'
import { describe, expect, test } from 'vitest'
import { projectFolder, runCli, smallConfig, smallCorpus, temporaryFolder } from '../cli.test-helper.ts'

/** Trains `steps` steps in a project, and must succeed. */
async function trainIn(cwd: string, ...more: readonly string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await runCli(['train', ...more], { cwd })
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
  return stdout
}

const output = join('runs', 'translation')

describe('a training', () => {
  test('says what it does, and leaves a model that translates', async () => {
    const folder = await projectFolder()
    const stdout = await trainIn(folder)
    expect(stdout).toContain('sentence pairs: 72 for training, 8 for validation, 80 for testing')
    expect(stdout).toMatch(/^step 6\/6, epoch \d+, loss \d\.\d{4}, /m)
    expect(stdout).toMatch(
      /validation after 3 steps: loss \d\.\d{4}, perplexity [\d.]+, BLEU [\d.]+, chrF [\d.]+, exact match/,
    )
    expect(stdout).toContain(`Try it: qkv translate --model ${output}`)
    expect((await readdir(join(folder, output))).toSorted()).toEqual([
      'checkpoints',
      'config.json',
      'log.jsonl',
      'model.safetensors',
      'run.json',
      'tokenizer.json',
    ])
    expect(await readdir(join(folder, output, 'checkpoints'))).toEqual(
      expect.arrayContaining(['latest', 'step-000004', 'step-000006']),
    )

    const [description, tokenizer] = await Promise.all(
      ['config.json', 'tokenizer.json'].map((name) => readFile(join(folder, output, name), 'utf8')),
    )
    const sources = smallCorpus.split('\n').map((line) => line.split('\t')[0]!)
    const trained = Tokenizer.fromJSON(tokenizer)
    const lengths = sources.map((text) => trained.encode(text).ids.length + 1)
    expect(JSON.parse(description!)).toMatchObject({ training: { longestSource: Math.max(...lengths) } })

    const log = (await readFile(join(folder, output, 'log.jsonl'), 'utf8')).trimEnd().split('\n')
    const events = log.map((line) => JSON.parse(line) as { readonly sequence: number; readonly type: string })
    expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index))
    expect(events.filter(({ type }) => type === 'step')).toHaveLength(6)

    const translated = await runCli(['translate', '我爱茶', ''], { cwd: folder })
    expect(translated).toMatchObject({ exitCode: 0, stderr: '' })
    expect(translated.stdout.split('\n')).toHaveLength(3)

    const evaluated = await runCli(['evaluate', '--limit', '5', '--json'], { cwd: folder })
    const scores = JSON.parse(evaluated.stdout) as Record<string, number> & {
      readonly translations: readonly object[]
    }
    expect(scores['pairs']).toBe(5)
    expect(scores.translations).toHaveLength(5)
    expect(scores['perplexity']).toBeCloseTo(Math.exp(scores['loss']!))
  })

  test('keeps the weights with the lowest validation loss', async () => {
    const folder = await projectFolder()
    const stdout = await trainIn(folder, '--json')
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    const losses = events.flatMap(({ type, step, metrics }) =>
      type === 'evaluation' ? [{ step, loss: (metrics as { readonly loss: number }).loss }] : [],
    )
    expect(losses.map(({ step }) => step)).toEqual([3, 6])
    const best = losses.reduce((left, right) => (right.loss < left.loss ? right : left))
    const { metadata } = await readSafetensors(join(folder, output, 'model.safetensors'))
    expect(metadata.get('step')).toBe(String(best.step))
    expect(Number(metadata.get('loss'))).toBe(best.loss)
    expect(events.at(-1)).toMatchObject({
      type: 'result',
      reason: 'finished',
      step: 6,
      best: { value: best.loss },
    })
    const { stdout: measured } = await runCli(['evaluate', '--test', 'train.tsv', '--json'], { cwd: folder })
    expect(JSON.parse(measured)).toMatchObject({ pairs: 80 })
  })

  test('is the same for the same seed, and another for another', async () => {
    const folder = await projectFolder()
    for (const [name, seed] of [
      ['a', '1'],
      ['b', '1'],
      ['c', '2'],
    ] as const) {
      await trainIn(folder, '--output', name, '--seed', seed)
    }
    const [a, b, c] = await Promise.all(
      ['a', 'b', 'c'].map((name) => readFile(join(folder, name, 'model.safetensors'))),
    )
    expect(a!.equals(b!)).toBe(true)
    expect(a!.equals(c!)).toBe(false)
  })

  test('has a tokenizer for each language where the config says so', async () => {
    const tokenizer = { type: 'byte-level-bpe', vocabularySize: 280 }
    const folder = await projectFolder({ tokenizer: { source: tokenizer, target: tokenizer } })
    await trainIn(folder)
    const files = await readdir(join(folder, output))
    expect(files).toEqual(expect.arrayContaining(['source-tokenizer.json', 'target-tokenizer.json']))
    expect(files).not.toContain('tokenizer.json')
    expect(await runCli(['translate', '我爱茶'], { cwd: folder })).toMatchObject({ exitCode: 0 })
  })

  test('reads aligned text, other columns, several files, and either direction', async () => {
    const pairs = smallCorpus
      .trimEnd()
      .split('\n')
      .map((line) => line.split('\t') as [string, string])
    const folder = await projectFolder({
      data: {
        train: [
          { source: 'zh.txt', target: 'en.txt' },
          { path: 'swapped.tsv', sourceColumn: 1, targetColumn: 0 },
        ],
        validation: { path: 'swapped.tsv', sourceColumn: 1, targetColumn: 0 },
        direction: 'reverse',
      },
    })
    await writeFile(join(folder, 'zh.txt'), pairs.map(([source]) => `${source}\n`).join(''))
    await writeFile(join(folder, 'en.txt'), pairs.map(([, target]) => `${target}\n`).join(''))
    await writeFile(
      join(folder, 'swapped.tsv'),
      pairs
        .slice(0, 9)
        .map(([source, target]) => `${target}\t${source}\n`)
        .join(''),
    )
    expect(await trainIn(folder)).toContain('sentence pairs: 89 for training, 9 for validation')
  })
})

describe('a folder that is in use', () => {
  test('is left alone, with the two ways out', async () => {
    const folder = await projectFolder()
    await trainIn(folder)
    const before = await readFile(join(folder, output, 'log.jsonl'))
    const { exitCode, stderr } = await runCli(['train'], { cwd: folder })
    expect(exitCode).toBe(1)
    expect(stderr).toContain('which holds a run already')
    expect(stderr).toContain('Go on with that run with --resume, or choose another folder with --output.')
    expect(await readFile(join(folder, output, 'log.jsonl'))).toEqual(before)
  })

  test('with files of somebody else is refused before anything is written', async () => {
    const folder = await projectFolder()
    await writeFile(join(folder, 'config.json'), 'mine')
    const { exitCode, stderr } = await runCli(['train', '--output', '.'], { cwd: folder })
    expect(exitCode).toBe(1)
    expect(stderr).toContain('which holds config.json already')
    expect((await readdir(folder)).toSorted()).toEqual(['config.json', 'qkv.config.json', 'train.tsv'])
  })
})

describe('--resume', () => {
  test('goes on where a shorter training ended, bit by bit', async () => {
    const folder = await projectFolder()
    await trainIn(folder, '--output', 'whole')
    await trainIn(folder, '--output', 'parts', '--steps', '4')
    const stdout = await trainIn(folder, '--output', 'parts', '--steps', '6', '--resume')
    expect(stdout).toContain('steps: 6, going on after 4')
    const files = ['weights', 'optimizer'].map((name) =>
      join('checkpoints', 'step-000006', `${name}.safetensors`),
    )
    for (const file of files) {
      expect(await readFile(join(folder, 'parts', file))).toEqual(await readFile(join(folder, 'whole', file)))
    }
  })

  test('needs a run to go on with', async () => {
    const folder = await projectFolder()
    const { exitCode, stderr } = await runCli(['train', '--resume'], { cwd: folder })
    expect(exitCode).toBe(1)
    expect(stderr).toContain('which has no readable run.json')
    expect(await readdir(folder)).not.toContain('runs')
  })

  test('refuses another model, another seed and other data', async () => {
    const folder = await projectFolder()
    await trainIn(folder)
    const seed = await runCli(['train', '--resume', '--seed', '2'], { cwd: folder })
    expect(seed.stderr).toContain("train: 'trainer.seed' is 2 now, expected 1, as when the run in")
    const config = join(folder, 'qkv.config.json')
    await writeFile(config, JSON.stringify({ ...smallConfig, model: { ...smallConfig.model, width: 32 } }))
    const model = await runCli(['train', '--resume'], { cwd: folder })
    expect(model.stderr).toContain("'model.width' is 32 now, expected 16")
    await writeFile(config, JSON.stringify(smallConfig))
    await writeFile(join(folder, 'train.tsv'), `${smallCorpus}狗\tdog\n`)
    const data = await runCli(['train', '--resume'], { cwd: folder })
    expect(data.stderr).toContain("'data' gives 73 other training pairs now, expected the 72 pairs")
    expect([seed.exitCode, model.exitCode, data.exitCode]).toEqual([1, 1, 1])
  })

  test('passes over a damaged checkpoint, and says so', async () => {
    const folder = await projectFolder()
    await trainIn(folder)
    const whole = await readFile(join(folder, output, 'checkpoints', 'step-000006', 'weights.safetensors'))
    await truncate(join(folder, output, 'checkpoints', 'step-000006', 'weights.safetensors'), 100)
    const stdout = await trainIn(folder, '--resume')
    expect(stdout).toMatch(/step-000006 was passed over: .*weights\.safetensors is 100 bytes long/)
    expect(stdout).toContain('going on after 4')
    const again = (await readdir(join(folder, output, 'checkpoints'))).filter((name) =>
      name.startsWith('step-000006-'),
    )
    expect(again).toHaveLength(1)
    const mended = await readFile(join(folder, output, 'checkpoints', again[0]!, 'weights.safetensors'))
    expect(mended.equals(whole)).toBe(true)
  })
})

describe('bad data is one sentence with the place', () => {
  test.each([
    ['empty', '', 'holds no pair', 'check that this is the right file'],
    ['blank', '\n\n', 'has an empty source in line 1 of ', 'train.tsv'],
    [
      'no tab',
      '我爱你\tI love you\n我 爱 茶 I love tea\n',
      'has no tab in line 2 of ',
      'put a tab between the sentences',
    ],
    [
      'an empty side',
      '我爱你\tI love you\n茶\t\n',
      'has an empty target in line 2 of ',
      'fill or delete the line',
    ],
    [
      'GB18030',
      Uint8Array.from([0xce, 0xd2, 0x09, 0x49, 0x0a]),
      'has the byte 0xce at offset 0, in line 1 of ',
      'iconv -f GB18030',
    ],
  ])('%s', async (_, corpus, sentence, fix) => {
    const folder = await projectFolder()
    await writeFile(join(folder, 'train.tsv'), corpus)
    const { exitCode, stderr } = await runCli(['train'], { cwd: folder })
    expect(stderr).toContain(sentence)
    expect(stderr).toContain(fix)
    expect(stderr).toContain('train.tsv')
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
    expect(exitCode).toBe(1)
    expect(await readdir(folder)).not.toContain('runs')
  })

  test('a file that is not there', async () => {
    const folder = await projectFolder({ data: { train: 'trian.tsv' } })
    const { exitCode, stderr } = await runCli(['train'], { cwd: folder })
    expect(stderr).toContain('trian.tsv", which cannot be read (ENOENT)')
    expect(exitCode).toBe(1)
  })

  test('lines that are skipped are counted', async () => {
    const data = { ...smallConfig.data, test: undefined, emptySides: 'skip' }
    const folder = await projectFolder({ data }, `${smallCorpus}茶\t\n`)
    expect(await trainIn(folder)).toContain('8 for validation (1 line with an empty side left out)')
  })
})

test('parts that cannot be a model are told of before the data are read', async () => {
  for (const [attention, sentence] of [
    [
      ['scaled-dot', { part: 'sliding-window', options: { lft: 4 } }],
      "'options' has 'lft', expected left, right",
    ],
    [['scaled-dot', 'luong'], "claimed by 'scaled-dot' and 'luong'"],
  ] as const) {
    const folder = await projectFolder({
      data: { train: 'trian.tsv' },
      model: { ...smallConfig.model, attention },
    })
    const { exitCode, stderr } = await runCli(['train'], { cwd: folder })
    expect(stderr).toContain(sentence)
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
    expect(exitCode).toBe(1)
  }
})

test('a loss that is no number ends with the step and the fix, and the last checkpoint stays', async () => {
  const folder = await projectFolder({
    trainer: {
      ...smallConfig.trainer,
      schedule: 'constant',
      learningRate: 1e30,
      clipNorm: 'none',
      evaluateEvery: 50,
    },
  })
  const { exitCode, stderr } = await runCli(['train'], { cwd: folder })
  expect(stderr).toMatch(
    /Trainer: '(loss|gradient norm)' is (NaN|-?Infinity) in step \d+ \(learning rate 1\.000e\+30/,
  )
  expect(stderr).toContain('Lower the learning rate or warm up longer')
  expect(stderr.trimEnd().split('\n')).toHaveLength(1)
  expect(exitCode).toBe(1)
})

describe('a folder that cannot be written to', () => {
  test('below a file', async () => {
    const folder = await projectFolder()
    const { exitCode, stderr } = await runCli(['train', '--output', 'train.tsv/run'], { cwd: folder })
    expect(stderr).toMatch(
      /could not be used \(\w+, ENOTDIR\): a part of the path is a file; choose another path/,
    )
    expect(exitCode).toBe(1)
  })

  test('of somebody else', async ({ skip }) => {
    skip(process.getuid?.() === 0, 'root may write anywhere')
    const folder = await projectFolder()
    await mkdir(join(folder, 'closed'), { mode: 0o555 })
    const { exitCode, stderr } = await runCli(['train', '--output', 'closed/run'], { cwd: folder })
    expect(stderr).toMatch(/EACCES\): permission is denied; change its permissions/)
    expect(exitCode).toBe(1)
  })
})

describe('a model folder', () => {
  async function trained(): Promise<string> {
    const project = await projectFolder()
    await trainIn(project)
    return join(project, output)
  }

  test('that is none', async () => {
    const folder = await temporaryFolder()
    for (const command of [
      ['translate', '你'],
      ['evaluate', '--test', 'x.tsv'],
    ]) {
      const { stderr, exitCode } = await runCli([...command, '--model', 'nothing'], { cwd: folder })
      expect(stderr.trimEnd().split('\n')).toHaveLength(1)
      expect(exitCode).toBe(1)
    }
    const { stderr } = await runCli(['translate', '你', '--model', 'nothing'], { cwd: folder })
    expect(stderr).toContain('has no readable config.json (ENOENT)')
    const unsaid = await runCli(['translate', '你'], { cwd: folder })
    expect(unsaid.stderr).toContain("'--model' is missing, and there is no qkv.config.ts in ")
    expect(unsaid.exitCode).toBe(2)
  })

  test('of another program, truncated, or with the weights of another model', async () => {
    const folder = await temporaryFolder()
    const model = await trained()
    const translate = async (): Promise<string> => {
      const { exitCode, stderr, stdout } = await runCli(['translate', '你', '--model', model], {
        cwd: folder,
      })
      expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' })
      expect(stderr.trimEnd().split('\n')).toHaveLength(1)
      return stderr
    }
    const weights = join(model, 'model.safetensors')
    const description = join(model, 'config.json')
    const text = await readFile(description, 'utf8')
    const { arrays } = await readSafetensors(weights)

    await truncate(weights, 1000)
    expect(await translate()).toContain('model.safetensors')
    await writeFile(weights, 'PK\u0003\u0004 a zip file, as other programs write')
    expect(await translate()).toContain('model.safetensors')
    const [first] = arrays.keys()
    await writeSafetensors(
      weights,
      [...arrays].map(([name, array]) => [name === first ? 'wte.weight' : name, array] as const),
    )
    expect(await translate()).toContain(`'${first}'`)
    await writeSafetensors(weights, arrays)

    await writeFile(description, '{ "architectures": ["GPT2LMHeadModel"] }')
    expect(await translate()).toContain('names no format, expected the format')
    await writeFile(description, text.slice(0, 100))
    expect(await translate()).toContain('is not JSON')
    await writeFile(description, text.replace('"width": 16', '"width": "wide"'))
    expect(await translate()).toContain("'model.width of ")
    await writeFile(description, text.replace('"width": 16', '"width": 32'))
    expect(await translate()).toContain('has shape')
    await writeFile(description, text)
    await writeFile(join(model, 'tokenizer.json'), '{ "model": ')
    expect(await translate()).toContain('tokenizer.json')
  })
})

test('a run folder can be inside another that does not exist yet', async () => {
  const folder = await projectFolder()
  await mkdir(join(folder, 'empty'))
  await trainIn(folder, '--output', 'empty', '--steps', '1')
  await trainIn(folder, '--output', 'a/b/c', '--steps', '1')
  expect(await readdir(join(folder, 'a', 'b', 'c'))).toContain('model.safetensors')
})
