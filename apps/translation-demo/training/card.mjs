/** What no log tells of the trainings: to be written anew by whoever makes them again. */
const circumstances =
  'both directions were trained at the same time, on one core each, beside other work. Alone on both cores of that machine a step takes 1.5 s, and all of them 2.5 hours.'

const names = { zh: 'Chinese', en: 'English' }
const count = (value) => value.toLocaleString('en-US')
const row = (cells) => `| ${cells.join(' | ')} |`

function table(head, rows) {
  return [row(head), row(head.map(() => '---')), ...rows.map((cells) => row(cells))].join('\n')
}

function describeDropout({ source, target }) {
  const sides = Object.entries({ source, target }).filter(([, { dropout }]) => dropout !== undefined)
  return sides.map(([side, { dropout }]) => `BPE-dropout ${dropout} on the ${side} side`).join(', ')
}

/** The card of a shipped model, as its README: what it is, how it was trained, and what it scores. */
export function writeCard({ name, bytes, layersInEightBits, description, record, events, trained, shipped }) {
  const [from, to] = name.split('-')
  const { model, training } = description
  const settings = record.settings.trainer
  const stopped = events.findLast(({ type }) => type === 'stopped')
  const evaluations = events.filter(({ type }) => type === 'evaluation')
  const best = events.findLast(({ type }) => type === 'improved')
  const scores = [
    ['as trained, float32', trained],
    ['as shipped, int8 and float16', shipped],
  ].flatMap(([weights, each]) =>
    each.map(({ beams, bleu, chrf, loss }) => [
      weights,
      beams === 1 ? 'greedy' : `beam ${beams}`,
      bleu.toFixed(2),
      chrf.toFixed(2),
      loss.toFixed(4),
    ]),
  )
  return `# @qkv/translation-${name}

A Transformer that translates short sentences from ${names[from]} to ${names[to]}, trained with qkv on two processor cores.

\`\`\`sh
npm install qkv @qkv/translation-${name}
npx qkv translate --from ${from} --to ${to} "${from === 'zh' ? '机器学习' : 'machine learning'}"
\`\`\`

## What it is

The encoder-decoder of "Attention Is All You Need", pre-norm, with ${model.encoderLayers} + ${model.decoderLayers} layers of width ${model.width}, ${model.heads} heads and feed-forward
networks of ${count(model.innerWidth)}; attention: ${JSON.stringify(model.attention)}. It reads ${count(model.sourceVocabularySize)} tokens and writes ${count(model.targetVocabularySize)}; ${layersInEightBits} of its layers are stored in
8 bits, the rest in float16; its files take ${count(bytes)} bytes. It has seen sentences of up to ${training.longestSource} tokens.

It is small, and learned from ${count(record.data.trainPairs)} pairs of short sentences: everyday sentences come out well, names, numbers and long sentences often do not, and it never says that it does not
know. Use it to learn and to try things, not where a wrong translation does harm.

## How it was trained

\`\`\`sh
cd apps/translation-demo/training
npx qkv train --config ${name}.config.ts
node ship.mjs ${name}
\`\`\`

Seed ${settings.seed}; ${count(stopped.step)} steps of about ${count(settings.tokensPerBatch)} tokens, ${count(stopped.tokens)} target tokens in all, in ${(stopped.seconds / 3600).toFixed(1)} hours of training
steps: ${circumstances} ${settings.optimizer.type} with a ${settings.schedule} schedule, peak ${settings.learningRate} after ${settings.warmup} steps, label smoothing ${settings.labelSmoothing}, dropout ${model.dropout} (attention ${model.attentionDropout}), ${describeDropout(record.settings.tokenizer)}. The weights are those after ${count(best.step)} steps, whose greedy translations of the 1,000 validation pairs had the highest BLEU.

${table(
  ['step', 'validation loss, nats per token', 'BLEU', 'chrF'],
  evaluations.map(({ step, metrics }) => [
    count(step),
    metrics.loss.toFixed(3),
    metrics.bleu.toFixed(1),
    metrics.chrf.toFixed(1),
  ]),
)}

## What it scores

On 1,000 test pairs that share no sentence with the training pairs (\`qkv evaluate\`; BLEU ${to === 'zh' ? 'by characters' : 'of sacreBLEU, 13a'}; loss in nats per token):

${table(['weights', 'search', 'BLEU', 'chrF', 'loss'], scores)}

## Data and licence

The weights are under the MIT licence. They were trained on the phrase book of \`@qkv/data\`, and on Chinese-English sentence pairs of [Tatoeba](https://tatoeba.org), by way of
[manythings.org/anki](https://www.manythings.org/anki/), which their authors publish under [CC BY 2.0 FR](https://creativecommons.org/licenses/by/2.0/fr/); sentence numbers and authors come with
those files. The package holds no sentences.
`
}
