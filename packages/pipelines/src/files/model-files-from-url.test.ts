import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { RunError } from '../errors/run-error.ts'
import { type DownloadProgress, modelFilesFromUrl } from './model-files-from-url.ts'

const bytes = Uint8Array.from({ length: 300_000 }, (_, index) => index % 251)
const answers: Readonly<Record<string, (response: ServerResponse) => void>> = {
  '/m/whole': (response) => response.writeHead(200, { 'content-length': bytes.length }).end(bytes),
  '/m/whole?v=2': (response) => response.end('two'),
  '/m/gzip': (response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(bytes)),
  '/m/page': (response) =>
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end('<html>'),
  '/m/cut': (response) => {
    response
      .writeHead(200, { 'content-length': bytes.length })
      .write(bytes.subarray(0, 1000), () => response.destroy())
  },
  '/m/slow': (response) =>
    void response.writeHead(200, { 'content-length': bytes.length }).write(bytes.subarray(0, 10)),
}
const server = createServer(({ url }, response) => {
  const answer = answers[url!]
  if (answer) answer(response)
  else response.writeHead(404).end('no')
})
let base: string

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/m`
})

afterAll(() => {
  server.closeAllConnections()
  server.close()
})

test('reads a file, and tells how far it is', async () => {
  const seen: DownloadProgress[] = []
  const files = modelFilesFromUrl(base, { onProgress: (progress) => seen.push(progress) })
  expect(files.source).toBe(`${base}/`)
  expect(await files.read('whole')).toEqual(bytes)
  expect(seen[0]).toEqual({ file: 'whole', loadedBytes: 0, totalBytes: bytes.length })
  expect(seen.at(-1)).toEqual({ file: 'whole', loadedBytes: bytes.length, totalBytes: bytes.length })
  expect(new TextDecoder().decode(await modelFilesFromUrl(`${base}/?v=2`).read('whole'))).toBe('two')
})

test('a compressed answer has no total', async () => {
  const seen: DownloadProgress[] = []
  expect(
    await modelFilesFromUrl(base, { onProgress: (progress) => seen.push(progress) }).read('gzip'),
  ).toEqual(bytes)
  expect(new Set(seen.map(({ totalBytes }) => totalBytes))).toEqual(new Set([undefined]))
})

test.each([
  [
    'nothing',
    "nothing' answered with 404 Not Found, expected the file of a model. Check the address of the model.",
  ],
  ['page', "page' answered with a web page, expected the file of a model"],
  ['cut', "cut' could not be downloaded ("],
  ['../other', 'was asked for the file "../other", expected a plain name'],
])('%s: one sentence', async (name, sentence) => {
  const reading = modelFilesFromUrl(base).read(name)
  await expect(reading).rejects.toThrow(RunError)
  await expect(reading).rejects.toThrow(sentence)
})

test('a server that is not there', async () => {
  await expect(modelFilesFromUrl('http://127.0.0.1:9/').read('config.json')).rejects.toThrow(
    /^model: 'http:\/\/127\.0\.0\.1:9\/config\.json' could not be downloaded \(.*\), expected a server that sends the whole file/,
  )
})

test('stops with the reason of the signal', async () => {
  const controller = new AbortController()
  const reading = modelFilesFromUrl(base, {
    signal: controller.signal,
    onProgress: ({ loadedBytes }) => {
      if (loadedBytes > 0) controller.abort(new Error('the visitor left'))
    },
  }).read('slow')
  await expect(reading).rejects.toThrow('the visitor left')
})
